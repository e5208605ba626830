"""How the embedded sentence model was made, for anyone to run again.

    python -m index.training --corpus news.txt.xz --rewordings index/rewordings --out index/model

Two stages, one function a step. The first, `build_model`, reads plain text alone: no questions, no labels, no other
model.

    read_corpus      documents as lists of sentences
    count_words      how often jieba finds each word (jieba is needed here only, never to embed)
    make_tokenizer   a Unigram tokenizer that cuts Chinese into those words
    word_vectors     a starting vector per word from the words it stands beside (PPMI, SVD)
    make_pairs       (query, passage) pairs invented from the documents themselves
    train            pulls each query to its own passage, away from the others of the batch

The second, `tune_model`, teaches that model how people ask for what a report says in official words. With
`--start FOLDER` in place of `--corpus` it begins from a model of the first stage, and gives the same files.

    read_rewordings  (everyday text, official text) pairs
    train            as above; texts for one official text are not held against each other

The folder it writes opens with `SentenceTransformer(folder)` and with `index.embedding.StaticEmbedder(folder)`.
torch, scipy and jieba are imported here and by nothing that answers questions.
"""

import json
import logging
import lzma
import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from safetensors.numpy import load_file, save
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

log = logging.getLogger(__name__)

SENTENCE = re.compile(r"""[^。！？!?；;\n]+[。！？!?；;]?[”"’」』）)]?""")
WORD = re.compile(r"[\u4e00-\u9fff]{2,6}|[a-z]{2,12}|[0-9]{2,4}")
UNKNOWN_PIECE = "<unk>"


@dataclass(frozen=True)
class Stage:
    """How `train` goes through its pairs."""

    learning_rate: float
    """The highest, reached after the warm-up."""
    passes: int = 1
    """How often each pair is seen."""
    batch: int = 1_024
    scale: float = 20.0
    """Factor on the cosines before the softmax: the inverse of the temperature."""
    reverse_weight: float = 0.3
    """Weight of passage → query beside query → passage in the loss."""


@dataclass(frozen=True)
class Recipe:
    """Every number that shapes the model; the defaults are those of `index/model`."""

    vocabulary: int = 20_000
    """Pieces of the tokenizer, the unknown one not counted."""
    min_character_count: int = 30
    """A character seen less often in the corpus is unknown to the model."""
    min_number_count: int = 3_000
    """A run of digits seen less often is cut into its digits."""
    dim: int = 512
    window: int = 6
    """Words to either side that count as neighbours in `word_vectors`."""
    frequency_damping: float = 1e-3
    """Share of the corpus at which a word's starting vector is halved (a / (a + p), Arora et al. 2017)."""
    pairs: int = 900_000
    first: Stage = Stage(learning_rate=3e-3)
    second: Stage = Stage(learning_rate=5e-4, passes=20)
    """Slower, so that words which no rewording uses stay where the first stage put them."""
    seed: int = 0


# ---------------------------------------------------------------- corpus and words


def normalize(text: str) -> str:
    """Text as the tokenizer sees it: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def read_corpus(path: Path) -> list[list[str]]:
    """Documents of a text file (one a line, .xz or plain) as lists of sentences of at least 4 characters."""
    open_text = lzma.open if path.suffix == ".xz" else open
    with open_text(path, "rt", encoding="utf-8") as lines:
        documents = [[s for s in map(str.strip, SENTENCE.findall(line)) if len(s) >= 4] for line in lines]
    return [sentences for sentences in documents if sentences]


def count_words(documents: Iterable[Iterable[str]]) -> Counter[str]:
    """How often each word occurs, as jieba cuts the normalized text by its dictionary alone."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    counts: Counter[str] = Counter()
    for sentences in documents:
        for sentence in sentences:
            counts.update(jieba.cut(normalize(sentence), HMM=False))
    return counts


def make_tokenizer(counts: Counter[str], recipe: Recipe) -> tuple[Tokenizer, NDArray[np.float64]]:
    """A Unigram tokenizer that prefers frequent words, and the count of each of its pieces by id.

    Every character seen often enough is a piece of its own, so that a word outside the vocabulary falls apart into
    characters; the rest are the most frequent words. Punctuation and blanks are dropped before any piece is looked up.
    Id 0 is the unknown piece, with count 0.
    """
    characters: Counter[str] = Counter()
    for word, count in counts.items():
        for character in word:
            characters[character] += count
    # A character inside a known word was not seen as a piece, so its total is divided before it competes with words.
    pieces = {
        character: max(counts[character], count // 50 + 1)
        for character, count in characters.items()
        if count >= recipe.min_character_count and not character.isspace()
    }
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if len(pieces) >= recipe.vocabulary:
            break
        if WORD.fullmatch(word) and not (word.isdigit() and count < recipe.min_number_count):
            pieces.setdefault(word, count)
    ordered = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
    total = sum(pieces.values())
    # Rounded: the scores stand in tokenizer.json as text, where every digit of 20,000 numbers counts.
    scored = [(UNKNOWN_PIECE, -30.0)] + [(piece, round(math.log(count / total), 3)) for piece, count in ordered]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\u4e00-\u9fffa-z0-9%]+"), behavior="removed"),
            pre_tokenizers.Split(Regex(r"[\u4e00-\u9fff]+|[a-z]+|[0-9]+|%"), behavior="isolated"),
        ]
    )
    return tokenizer, np.array([0] + [count for _, count in ordered], dtype=np.float64)


# ---------------------------------------------------------------- starting vectors


def word_vectors(documents: Iterable[Sequence[str]], tokenizer: Tokenizer, recipe: Recipe) -> NDArray[np.float32]:
    """Unit vectors of the pieces, shape (pieces, dim), close where words have like neighbours; the unknown one is 0.

    Positive pointwise mutual information of pieces within `window` of each other in a sentence (nearer counts more;
    contexts smoothed by 0.75, Levy et al. 2015), factorized by randomized SVD (Halko et al. 2011) as U·√S.
    """
    from scipy.sparse import coo_matrix, csr_matrix

    size = tokenizer.get_vocab_size()
    counts: Any = csr_matrix((size, size), dtype=np.float32)
    for ids in _runs_of_ids(documents, tokenizer, gap=recipe.window):
        rows, columns, weights = [], [], []
        for distance in range(1, recipe.window + 1):
            left, right = ids[:-distance], ids[distance:]
            inside = (left > 0) & (right > 0)
            rows.append(left[inside])
            columns.append(right[inside])
            weights.append(np.full(len(rows[-1]), 1 - (distance - 1) / recipe.window, dtype=np.float32))
        entries = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
        counts = counts + coo_matrix(entries, shape=(size, size)).tocsr()
    counts = counts + counts.T

    totals = np.asarray(counts.sum(axis=1)).ravel() + 1e-9
    counts.data[counts.data < 1] = 0
    counts.eliminate_zeros()
    cells: Any = counts.tocoo()
    contexts = totals**0.75 / (totals**0.75).sum()
    information = np.log(cells.data / totals.sum() / (totals[cells.row] / totals.sum() * contexts[cells.col]))
    positive = information > 0
    entries = (information[positive].astype(np.float32), (cells.row[positive], cells.col[positive]))
    ppmi: Any = csr_matrix(entries, shape=(size, size))

    generator = np.random.default_rng(recipe.seed)
    sample = ppmi @ generator.standard_normal((size, min(recipe.dim + 32, size))).astype(np.float32)
    for _ in range(4):
        sample = ppmi @ (ppmi.T @ np.linalg.qr(sample)[0])
    basis = np.linalg.qr(sample)[0]
    left, strengths, _ = np.linalg.svd((ppmi.T @ basis).T, full_matrices=False)
    vectors = (basis @ left)[:, : recipe.dim] * np.sqrt(strengths[: recipe.dim])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    vectors[0] = 0
    return vectors.astype(np.float32)


def _runs_of_ids(documents: Iterable[Sequence[str]], tokenizer: Tokenizer, gap: int) -> Iterator[NDArray[np.int64]]:
    """Piece ids of some million words at a time, sentences set apart by `gap` times -1."""
    run: list[int] = []
    block: list[str] = []
    for sentences in documents:
        block.extend(sentences)
        if len(block) < 20_000:
            continue
        run.extend(_ids_with_gaps(block, tokenizer, gap))
        block.clear()
        if len(run) > 3_000_000:
            yield np.array(run)
            run.clear()
    run.extend(_ids_with_gaps(block, tokenizer, gap))
    yield np.array(run)


def _ids_with_gaps(sentences: list[str], tokenizer: Tokenizer, gap: int) -> Iterator[int]:
    for encoding in tokenizer.encode_batch_fast(sentences):
        yield from encoding.ids
        yield from [-1] * gap


# ---------------------------------------------------------------- pairs

NUMBER = re.compile(
    r"\d[\d,.]*\s*[余多]?[万亿千百]?[余多]?(?:%|个|家|人|名|元|次|年|月|日|天|项|台|公里|吨|亩|岁|件|倍|米|户|座|条|种|位|辆|套|小时|分钟|美元|平方米)?"
)
QUANTITY_QUESTIONS = {"年": "哪一年", "月": "几月", "日": "哪天", "人": "多少人", "元": "多少钱", "美元": "多少钱"}
QUOTED = re.compile(r"[“《「]([^”》」]{2,12})[”》」]")
CLAUSE = re.compile(r"[^，,、：:。！？!?；;]+")
TERM = re.compile(r"[\u4e00-\u9fff]{2,4}|[A-Za-z0-9.]+")

Pair = tuple[str, str]


def make_pairs(documents: Sequence[Sequence[str]], recipe: Recipe) -> list[Pair]:
    """`recipe.pairs` pairs (query, passage) from documents in random order, the kinds below in equal shares.

    Raises:
        ValueError: No document has four sentences of eight characters or more.
    """
    rng = random.Random(recipe.seed)
    usable = [kept for kept in ([s for s in sentences if len(s) >= 8] for sentences in documents) if len(kept) >= 4]
    if not usable:
        raise ValueError("the corpus has no document of four sentences; one document a line is expected")
    rng.shuffle(usable)
    pairs: list[Pair] = []
    while len(pairs) < recipe.pairs:
        for sentences in usable:
            pairs.extend(pair for pair in (kind(sentences, rng) for kind in PAIR_KINDS) if pair is not None)
            if len(pairs) >= recipe.pairs:
                break
    rng.shuffle(pairs)
    return pairs[: recipe.pairs]


def opening_pair(sentences: Sequence[str], rng: random.Random) -> Pair:
    """The first sentence, which says what the document is about, and two sentences of its body."""
    start = rng.randrange(1, len(sentences))
    return sentences[0][:80], "".join(sentences[start : start + 2])[:160]


def next_sentence_pair(sentences: Sequence[str], rng: random.Random) -> Pair:
    """A sentence and the one after it."""
    start = rng.randrange(len(sentences) - 1)
    return sentences[start][:100], sentences[start + 1][:120]


def gap_pair(sentences: Sequence[str], rng: random.Random) -> Pair:
    """A sentence and its neighbours; one time in ten it is left standing among them."""
    middle = rng.randrange(len(sentences) - 1)
    left = sentences[middle] if rng.random() < 0.1 else ""
    around = "".join(sentences[max(0, middle - 2) : middle]) + left + "".join(sentences[middle + 1 : middle + 3])
    return sentences[middle][:100], around[:200]


def terms_pair(sentences: Sequence[str], rng: random.Random) -> Pair | None:
    """A few terms of a sentence, as in a search box, and the passage that begins with it."""
    start, passage = _passage(sentences, rng)
    terms = TERM.findall(sentences[start])
    if len(terms) < 3:
        return None
    picked = sorted(rng.sample(range(len(terms)), min(len(terms), rng.randint(2, 5))))
    if rng.random() < 0.5:
        rng.shuffle(picked)
    return "".join(terms[i] for i in picked), passage


def question_pair(sentences: Sequence[str], rng: random.Random) -> Pair | None:
    """A clause turned into a question (7900多项 → 多少项, “青e办” → 什么) and the passage that answers it."""
    start, passage = _passage(sentences, rng)
    clauses = [clause for clause in CLAUSE.findall(sentences[start]) if len(clause) >= 4]
    if not clauses:
        return None
    chosen = rng.randrange(len(clauses))
    clause = clauses[chosen]
    numbers = [match for match in NUMBER.finditer(clause) if len(match.group()) > 1]
    quoted = QUOTED.search(clause)
    if numbers:
        number = rng.choice(numbers)
        unit = re.sub(r"[\d,.\s余多万亿千百]", "", number.group())
        asked = QUANTITY_QUESTIONS.get(unit) or rng.choice(["多少", "几"]) + unit.replace("%", "")
        clause = clause[: number.start()] + asked + clause[number.end() :]
    elif quoted:
        clause = clause[: quoted.start()] + rng.choice(["什么", "哪个", "哪"]) + clause[quoted.end() :]
    else:
        cut = rng.randint(0, max(0, len(clause) - 3))
        clause = clause[:cut] + clause[cut + rng.randint(0, 2) :]
        clause = rng.choice(["", "请问", "怎么", "为什么"]) + clause + rng.choice(["吗", "呢", "是什么", "怎么办", ""])
    others = [other for position, other in enumerate(clauses) if position != chosen]
    aside = rng.choice(others)[:12] if others and rng.random() < 0.4 else ""
    return (aside + clause if rng.random() < 0.5 else clause + aside)[:40], passage


def _passage(sentences: Sequence[str], rng: random.Random) -> tuple[int, str]:
    """A random sentence's position, and one to three sentences from there on, at most 160 characters."""
    start = rng.randrange(len(sentences) - 1)
    return start, "".join(sentences[start : start + rng.randint(1, 3)])[:160]


PAIR_KINDS: tuple[Callable[[Sequence[str], random.Random], Pair | None], ...] = (
    opening_pair,
    next_sentence_pair,
    gap_pair,
    terms_pair,
    question_pair,
)


# ---------------------------------------------------------------- rewordings

PHRASES = "phrases.tsv"
REPORTS = "reports.jsonl"


@dataclass(frozen=True)
class Rewordings:
    """Pairs (everyday text, official text), and for each the number of the official text that it is about."""

    pairs: list[Pair]
    about: NDArray[np.int64]


def read_rewordings(folder: Path) -> Rewordings:
    """The pairs of `phrases.tsv` and `reports.jsonl`, laid out as the README of `index/rewordings` says.

    Every everyday text is paired with its official one; of the four beside a phrase, the first with the second and
    the third with the fourth too. What a report's sentence does not answer or say is left aside.

    Raises:
        ValueError: A line is laid out otherwise; the message names the file and the line.
    """
    pairs: list[Pair] = []
    about: list[int] = []
    numbers: dict[str, int] = {}
    for name, read in ((PHRASES, _pairs_of_phrase), (REPORTS, _pairs_of_sentence)):
        with (folder / name).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    official, made = read(line.rstrip("\n"))
                except (ValueError, KeyError, TypeError) as fault:
                    raise ValueError(f"{folder / name}, line {number}: {fault}") from fault
                pairs.extend(made)
                about.extend([numbers.setdefault(official, len(numbers))] * len(made))
    return Rewordings(pairs, np.array(about, dtype=np.int64))


def _pairs_of_phrase(line: str) -> tuple[str, list[Pair]]:
    texts = line.split("\t")
    if len(texts) != 5 or not all(map(str.strip, texts)):
        raise ValueError(f"{len(texts)} columns, where an official phrase and four everyday texts are expected")
    official, *everyday = texts
    return official, [(text, official) for text in everyday] + [(everyday[0], everyday[1]), (everyday[2], everyday[3])]


def _pairs_of_sentence(line: str) -> tuple[str, list[Pair]]:
    record = json.loads(line)
    official, everyday = record["sentence"], [*record["questions"], *record["true"]]
    if not all(isinstance(text, str) and text.strip() for text in (official, *everyday)):
        raise ValueError("a text that is empty or no text")
    return official, [(text, official) for text in everyday]


# ---------------------------------------------------------------- training


@dataclass(frozen=True)
class Bags:
    """Piece ids of many texts laid end to end; text i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], tokenizer: Tokenizer) -> "Bags":
        """The known pieces of each text; unknown ones are left out."""
        rows: list[NDArray[np.int64]] = []
        for start in range(0, len(texts), 20_000):
            for encoding in tokenizer.encode_batch_fast(list(texts[start : start + 20_000])):
                ids = np.array(encoding.ids, dtype=np.int64)
                rows.append(ids[ids > 0])
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
        return cls(np.concatenate(rows), offsets)

    def take(self, rows: NDArray[np.int64]) -> "Bags":
        """The bags of these rows, in this order."""
        lengths = self.offsets[rows + 1] - self.offsets[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        shifts = np.repeat(self.offsets[rows] - offsets[:-1], lengths)
        return Bags(self.ids[shifts + np.arange(offsets[-1])], offsets)


def train(
    table: NDArray[np.float32],
    queries: Bags,
    passages: Bags,
    stage: Stage,
    seed: int,
    about: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Move the piece vectors so that each query lies nearest its own passage of the batch.

    Multiple negatives ranking loss (Henderson et al. 2017) on cosines, both ways; Adam, warm-up over a twentieth of
    the steps, then linear decay. Row 0, the unknown piece, stays zero.

    Args:
        table: Starting vectors, shape (pieces, dim).
        queries, passages: The pairs, row by row; at least one batch of them.
        stage: Passes, batch, rate and the form of the loss.
        seed: Of the order in which the pairs come, another one in each pass.
        about: What each pair is about, one number a row: pairs of one number are not held against each other. None
            where each has its own.
    """
    import torch
    from torch.nn.functional import cross_entropy, embedding_bag, normalize

    weight = torch.nn.Parameter(torch.from_numpy(table.copy()))
    optimizer = torch.optim.Adam([weight], betas=(0.9, 0.98))
    generator = np.random.default_rng(seed)
    size = len(queries.offsets) - 1
    numbers = np.arange(size) if about is None else about
    per_pass = size // stage.batch
    steps = stage.passes * per_pass
    own = torch.arange(stage.batch)
    order = np.empty(0, dtype=np.int64)
    for step in range(steps):
        rate = min(1.0, (step + 1) / (0.05 * steps)) * max(0.02, 1 - step / steps)
        optimizer.param_groups[0]["lr"] = stage.learning_rate * rate
        if step % per_pass == 0:
            order = generator.permutation(size)
        rows = order[step % per_pass * stage.batch :][: stage.batch]
        q, p = (
            normalize(embedding_bag(torch.from_numpy(bags.ids), weight, torch.from_numpy(bags.offsets[:-1])), dim=-1)
            for bags in (queries.take(rows), passages.take(rows))
        )
        scores = (stage.scale * q @ p.T).masked_fill(torch.from_numpy(about_the_same(numbers[rows])), -math.inf)
        loss = (1 - stage.reverse_weight) * cross_entropy(scores, own)
        loss = loss + stage.reverse_weight * cross_entropy(scores.T, own)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if step % 100 == 0 or step == steps - 1:
            log.info("step %d of %d, loss %.3f", step + 1, steps, loss.item())
    return weight.detach().numpy()


def about_the_same(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which two different rows of a batch are about the same, shape (batch, batch); a row beside itself is not."""
    same = numbers[:, None] == numbers[None, :]
    np.fill_diagonal(same, False)
    return same


# ---------------------------------------------------------------- saving, and the whole


def save_model(folder: Path, tokenizer: Tokenizer, table: NDArray[np.float32]) -> None:
    """Write the model in sentence-transformers' layout, each row as int8 with a float32 scale of its own.

    sentence-transformers multiplies rows and scales out in float32 when it loads them (the tensor names are
    model2vec's), so that its vectors and StaticEmbedder's are the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scales = (np.abs(table).max(axis=1) / 127).astype(np.float32)
    rows = np.round(table / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    (folder / "model.safetensors").write_bytes(save({"embeddings": rows, "weights": scales}))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    module = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    modules = [{"idx": 0, "name": "0", "path": "", "type": module}]
    config = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    for name, content in (("modules.json", modules), ("config_sentence_transformers.json", config)):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_model(folder: Path) -> tuple[Tokenizer, NDArray[np.float32]]:
    """The tokenizer and the piece vectors of a folder that `save_model` wrote."""
    tensors = load_file(folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return tokenizer, tensors["embeddings"] * tensors["weights"][:, None]


def build_model(corpus: Path, out: Path, recipe: Recipe) -> None:
    """The first stage, from a text file to a model folder; the same corpus and recipe give the same files."""
    documents = read_corpus(corpus)
    log.info("%d documents, %d characters", len(documents), sum(len(s) for d in documents for s in d))
    tokenizer, counts = make_tokenizer(count_words(documents), recipe)
    log.info("%d pieces", tokenizer.get_vocab_size())
    shares = counts / counts.sum()
    damping = recipe.frequency_damping / (recipe.frequency_damping + shares)
    table = (word_vectors(documents, tokenizer, recipe) * damping[:, None]).astype(np.float32)
    log.info("word vectors %s", table.shape)
    pairs = make_pairs(documents, recipe)
    queries, passages = (Bags.of(texts, tokenizer) for texts in zip(*pairs, strict=True))
    log.info("%d pairs", len(pairs))
    save_model(out, tokenizer, train(table, queries, passages, recipe.first, recipe.seed))


def tune_model(start: Path, rewordings: Path, out: Path, recipe: Recipe) -> None:
    """The second stage, from one model folder to another (or the same); the same input gives the same files."""
    tokenizer, table = read_model(start)
    read = read_rewordings(rewordings)
    queries, passages = (Bags.of(texts, tokenizer) for texts in zip(*read.pairs, strict=True))
    log.info("%d pairs about %d official texts", len(read.pairs), len(set(read.about.tolist())))
    save_model(out, tokenizer, train(table, queries, passages, recipe.second, recipe.seed, read.about))


def main(
    rewordings: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of everyday and official wordings.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to write the model to.")],
    corpus: Annotated[Path | None, typer.Option(exists=True, help="Text, one document a line; .xz or plain.")] = None,
    start: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Begin from this model, with the second stage.")
    ] = None,
    pairs: Annotated[int, typer.Option(min=1, help="Pairs to invent from the corpus.")] = Recipe.pairs,
    seed: Annotated[int, typer.Option()] = Recipe.seed,
) -> None:
    """Train the embedded sentence model: from plain text, then on everyday wordings of official texts."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = Recipe(pairs=pairs, seed=seed)
    if (corpus is None) == (start is None):
        raise typer.BadParameter("give either --corpus or --start")
    if corpus is not None:
        build_model(corpus, out, recipe)
    tune_model(start or out, rewordings, out, recipe)


if __name__ == "__main__":
    typer.run(main)
