"""An independent scorer: it was written with the development gold set, before the program had one of its own.

Standard library only, and nothing of the program: two scorers that agree were not both wrong in the same way. Its
matching rules are the reference for eval/matching.py.
"""

import collections
import re
import statistics
import unicodedata

ANSWERED = {"answered", "partial"}
DIGITS = "0123456789"


def normalise(text):
    text = unicodedata.normalize("NFKC", text).lower()
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    out = []
    i, n = 0, len(text)
    while i < n:
        if text[i].isalnum() or text[i] == "%":
            out.append(text[i])
            i += 1
            continue
        j = i
        while j < n and not (text[j].isalnum() or text[j] == "%"):
            j += 1
        if i > 0 and j < n and text[i - 1] in DIGITS and text[j] in DIGITS:
            out.append("." if text[i:j] == "." else "|")
        i = j
    return "".join(out)


def contains(answer_norm, variant):
    v = normalise(variant)
    if not v:
        return False
    start = 0
    while True:
        k = answer_norm.find(v, start)
        if k < 0:
            return False
        before = answer_norm[k - 1] if k else ""
        after = answer_norm[k + len(v) : k + len(v) + 1]
        ok = True
        if v[0] in DIGITS and before and before in DIGITS + ".":
            ok = False
        if v[-1] in DIGITS and after and after in DIGITS + ".千万亿":
            ok = False
        if v[-1] in DIGITS and after == "%" and "." not in v:
            ok = False
        if ok:
            return True
        start = k + 1


def answer_hits(must_contain, answer):
    a = normalise(answer)
    return sum(any(contains(a, v) for v in g) for g in must_contain), len(must_contain)


def citation_hits(report, evidence, start, end):
    for e in evidence:
        p = report.find(e)
        while p >= 0:
            if start < p + len(e) and p < end:
                return True
            p = report.find(e, p + 1)
    return False


def figures(text):
    return set(re.findall(r"\d+(?:\.\d+)?", normalise(text).replace("|", " ")))


def score_question(gold, reply, report, t):
    """Add one question's outcome to the tally; return True when it is right."""
    kind = gold.get("type", "turn")
    reply = reply or {}
    text = reply.get("text") or ""
    said = " ".join([reply.get("short") or "", text])
    status = reply.get("status")
    cites = reply.get("citations") or []
    for c in cites:
        t["spans"].append(report[c["start"] : c["end"]] == c.get("quote"))
    if status in ANSWERED:
        marks = {c["mark"]: c for c in cites}
        for s in reply.get("sentences") or []:
            t["sentence_cited"].append(bool(s.get("citations")) and all(m in marks for m in s["citations"]))
        quoted = figures(" ".join(c.get("quote") or "" for c in cites)) | figures(gold["question"])
        t["grounded"].append(figures(text) <= quoted or bool(gold.get("arithmetic")))
    if not gold["answerable"]:
        ok = bool(reply) and status not in ANSWERED and status != "error"
        t["abstain"].append(ok)
        t["type:" + kind].append(ok)
        return ok
    found, asked = answer_hits(gold["must_contain"], said)
    full = bool(reply) and status in ANSWERED and found == asked
    t["false_abstain"].append(status not in ANSWERED)
    t["full_arithmetic" if gold.get("arithmetic") else "full"].append(full)
    t["type:" + kind].append(full)
    if kind in ("list", "multi_section"):
        t["list_recall"].append(found / asked if status in ANSWERED else 0.0)
    overlap = [citation_hits(report, gold["evidence"], c["start"], c["end"]) for c in cites]
    t["cited"].append(any(overlap))
    t["full_and_cited"].append(full and any(overlap))
    t["citation_precision"].extend(overlap)
    hit = [any(citation_hits(report, [e], c["start"], c["end"]) for c in cites) for e in gold["evidence"]]
    t["evidence_recall"].append(sum(hit) / len(hit) if hit else 0.0)
    if status in ANSWERED:
        t["chars"].append(len(text))
        if kind in ("number", "entity", "false_premise", "colloquial", "noisy"):
            short = normalise(reply.get("short") or "")
            wanted, total = answer_hits(gold["must_contain"], reply.get("short") or "")
            t["short"].append(wanted == total and 0 < len(short) <= 30)
    return full


def mean(xs):
    return sum(xs) / len(xs) if xs else float("nan")


def score(questions, dialogues, claims, report, got):
    """All figures by name; `got` maps ids to replies, a missing one counts as wrong."""
    out, tally = {}, collections.defaultdict(list)
    for q in questions:
        score_question(q, got.get(q["id"]), report, tally)
    out["full"] = mean(tally["full"])
    out["full_arithmetic"] = mean(tally["full_arithmetic"])
    out["full_and_cited"] = mean(tally["full_and_cited"])
    out["short_answer"] = mean(tally["short"])
    out["list_recall"] = mean(tally["list_recall"])
    out["cited"] = mean(tally["cited"])
    out["citation_precision"] = mean(tally["citation_precision"])
    out["evidence_recall"] = mean(tally["evidence_recall"])
    out["spans_exact"] = mean(tally["spans"])
    out["sentences_cited"] = mean(tally["sentence_cited"])
    out["figures_grounded"] = mean(tally["grounded"])
    out["refusal_recall"] = mean(tally["abstain"])
    out["false_refusal"] = mean(tally["false_abstain"])
    out["median_characters"] = statistics.median_high(tally["chars"])
    for k in tally:
        if k.startswith("type:"):
            out[k] = mean(tally[k])
    whole, follow, tally = [], [], collections.defaultdict(list)
    for d in dialogues:
        oks = [score_question(t, got.get(t["id"]), report, tally) for t in d["turns"]]
        whole.append(all(oks))
        follow.extend(oks[1:])
    out["followups"], out["dialogues"] = mean(follow), mean(whole)
    pairs, cited, fixed = [], [], []
    for c in claims:
        r = got.get(c["id"]) or {}
        v = r.get("verdict")
        pairs.append((c["label"], v))
        if c["label"] != "not_enough_info":
            places = r.get("citations") or []
            overlap = any(citation_hits(report, c["evidence"], x["start"], x["end"]) for x in places)
            cited.append(v == c["label"] and overlap)
        if c["label"] == "refuted":
            wanted = figures(c["correct"])
            fixed.append(v == "refuted" and bool(wanted & figures(r.get("correction") or "") or not wanted))
    out["claims_accuracy"] = mean([g == v for g, v in pairs])
    f1 = []
    for label in ("supported", "refuted", "not_enough_info"):
        tp = sum(g == label == v for g, v in pairs)
        fp = sum(v == label != g for g, v in pairs)
        fn = sum(g == label != v for g, v in pairs)
        f1.append(2 * tp / (2 * tp + fp + fn) if tp else 0.0)
    out["claims_macro_f1"], out["claims_cited"], out["claims_corrected"] = mean(f1), mean(cited), mean(fixed)
    out["claims_wrongly_supported"] = mean([v == "supported" for g, v in pairs if g == "refuted"])
    return out
