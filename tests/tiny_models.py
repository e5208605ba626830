"""Tiny models that tests build, save and load through the very code that loads the real ones. Nothing is downloaded."""

from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

# The layout of Qwen3's own template, without tools and without the thinking of earlier turns.
CHAT_TEMPLATE = """\
{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}
{%- if enable_thinking is defined and not enable_thinking %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}{% endif %}"""


def tiny_tokenizer(letters: Iterable[str] = "") -> PreTrainedTokenizerFast:
    """A byte-level tokenizer with Qwen3's special tokens; each of the letters is one token, others are their bytes."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: number for number, piece in enumerate(alphabet)}
    as_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    merges: dict[tuple[str, str], None] = {}
    for letter in sorted(set(letters)):
        pieces = as_bytes.pre_tokenize_str(letter)[0][0]
        for length in range(1, len(pieces)):
            merges[pieces[:length], pieces[length]] = None
            vocabulary.setdefault(pieces[: length + 1], len(vocabulary))
    tokenizer = Tokenizer(models.BPE(vocabulary, sorted(merges, key=lambda pair: len(pair[0]))))
    tokenizer.pre_tokenizer = as_bytes
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in ("<think>", "</think>")])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens=["<|im_start|>"],
        chat_template=CHAT_TEMPLATE,
    )


def save_tiny_qwen(folder: Path, letters: Iterable[str] = "", *, seed: int = 0, safe: bool = True) -> Path:
    """Save a Qwen3 of two layers with random weights; it writes nonsense, always the same.

    Args:
        folder: Where to.
        letters: Those of which each is one token.
        seed: Of the weights.
        safe: As safetensors; else as a pickle, which must not be loaded.
    """
    tokenizer = tiny_tokenizer(letters)
    torch.manual_seed(seed)
    model = Qwen3ForCausalLM(_tiny_qwen_config(len(tokenizer)))
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, tokenizer.pad_token_id]
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    if not safe:
        (folder / "model.safetensors").unlink()
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    return folder


def _tiny_qwen_config(vocabulary: int, hidden: int = 64) -> Qwen3Config:
    return Qwen3Config(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=hidden // 4,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        initializer_range=0.5,  # far from uniform: the likeliest token stands out from rounding
    )


def save_tiny_bert(folder: Path, letters: Iterable[str], *, labels: int | None = None, seed: int = 0) -> Path:
    """Save a BERT of two layers with random weights, a token a letter.

    Args:
        folder: Where to; sentence-transformers opens it as a sentence model, or as a cross-encoder where it has labels.
        letters: Those that it knows.
        labels: Scores that a cross-encoder gives; None for a sentence model.
        seed: Of the weights.
    """
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {piece: number for number, piece in enumerate((*special, *sorted(set(letters))))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=256,
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        num_labels=labels or 1,
    )
    (BertForSequenceClassification(config) if labels else BertModel(config)).save_pretrained(folder)
    return folder


def save_copying_qwen(folder: Path, letters: Iterable[str]) -> Path:
    r"""Save a Qwen3 of two layers that answers with a passage of its prompt, mark and all, and then ends.

    Its weights are set by hand: the heads of the first layer bring every token the ones before it; one of the second
    looks for where else these five stand, and says what comes next there (an induction head, Olsson et al. 2022,
    arXiv:2209.11895). A reply begins like a line that begins with [, always the same but not the best one, and ends
    with its line. Where five tokens stand in several places it goes on from the nearest, so that text that repeats
    itself leads it astray: then it writes what no passage holds.

    Args:
        folder: Where to.
        letters: Those of which each is one token; the others are copied byte by byte, and three bytes leave little
            room to look back.

    The prompt `…\n[kqwzrt] 接入41个单位。\n…` is answered with `[kqwzrt] 接入41个单位。\n`.
    """
    before, code, head = 5, 112, 768  # tokens looked back at, size of a token's random code, size of a head
    base = 1e24  # of the speeds at which pairs of a head's dimensions turn
    # The residual stream: the token itself, the ones before it, the one that is said next, and signs.
    own, said = slice(0, code), slice((before + 1) * code, (before + 2) * code)
    past = [slice((n + 1) * code, (n + 2) * code) for n in range(before)]
    always, newline, thought, bracket, thought_before, even = range((before + 2) * code, (before + 2) * code + 6)
    tokenizer = tiny_tokenizer(letters)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=even + 1,
        intermediate_size=8,
        num_hidden_layers=2,
        num_attention_heads=before,
        num_key_value_heads=1,
        head_dim=head,
        max_position_embeddings=4096,
        tie_word_embeddings=False,
        # From one radian a token down to none to speak of: the fast half tells places, the slow one tells contents.
        rope_parameters={"rope_type": "default", "rope_theta": base},
    )
    model = Qwen3ForCausalLM(config)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    for name, parameter in model.named_parameters():
        if "norm" in name:
            torch.nn.init.ones_(parameter)

    signs = torch.randint(2, (len(tokenizer), code), generator=torch.Generator().manual_seed(0))
    codes = (2 * signs - 1) / code**0.5
    token = {text: tokenizer.convert_tokens_to_ids(text) for text in ("Ċ", "</think>", "[")}  # Ċ is a byte-level \n
    with torch.no_grad():
        seen = model.model.embed_tokens.weight
        seen[:, own], seen[:, always], seen[:, even] = codes, 1, 1
        for sign, text in ((newline, "Ċ"), (thought, "</think>"), (bracket, "[")):
            seen[token[text], sign], seen[token[text], even] = 1, 0  # all are of one length, so norms change nothing

        length = (3 / config.hidden_size) ** 0.5  # of a token's numbers on average, before the norm makes it 1
        speeds = base ** (-torch.arange(head // 2) / (head // 2))  # radians a token
        near, slow = 30, head // 2 - before * code // 2
        first, second = (layer.self_attn for layer in model.model.layers)
        for n in range(before):
            row = n * head
            first.q_proj.weight[row : row + near, always] = torch.cos(speeds[:near] * (n + 1))
            half = row + head // 2
            first.q_proj.weight[half : half + near, always] = -torch.sin(speeds[:near] * (n + 1))
            first.o_proj.weight[past[n], row : row + code] = torch.eye(code)
        first.k_proj.weight[:near, always] = 1
        first.v_proj.weight[:code, own], first.v_proj.weight[code, thought] = torch.eye(code) * length, length
        first.o_proj.weight[thought_before, head + code] = 1  # the second head: two tokens back
        first.q_norm.weight.fill_(10 * near / head**0.5)  # 10 a pair of dimensions that agrees: no other place counts

        # Dimensions that stand still over thousands of tokens: both halves of the slow pairs.
        still = [*range(slow, head // 2), *range(head // 2 + slow, head)]
        for n, (asked, known) in enumerate(zip([own, *past], past, strict=False)):
            where = still[n * code : (n + 1) * code]
            second.q_proj.weight[where, asked] = torch.eye(code) * (2 if n == 0 else 1)  # the last one counts twice
            second.k_proj.weight[where, known] = torch.eye(code)
        nearness, start = 48, slow - 1  # a pair that turns by a thousandth of a radian a token; another still one
        second.q_proj.weight[head // 2 + nearness, always] = second.k_proj.weight[nearness, always] = 1
        second.q_proj.weight[start, thought_before] = second.k_proj.weight[start, bracket] = 2
        second.q_norm.weight.fill_(40 * (before + 3) / head**0.5)  # about 40 a token that agrees
        second.v_proj.weight[:code, own] = torch.eye(code)
        second.o_proj.weight[said, :code] = torch.eye(code)

        model.lm_head.weight[:, said] = codes
        end = tokenizer.eos_token_id
        model.lm_head.weight[end, newline], model.lm_head.weight[end, thought_before] = 20, -20
    model.generation_config.eos_token_id = end
    tokenizer.save_pretrained(folder)
    model.bfloat16().save_pretrained(folder)
    return folder
