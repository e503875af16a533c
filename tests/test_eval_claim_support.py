"""Claims and what they cite, worked by hand, in Chinese and English."""

from __future__ import annotations

import pytest

from eval.metrics.claim_support import claims_of, score_claim_support
from eval.metrics.score import State
from rag.records import Answer, Citation, Outcome

PLAN = "2024年计划新增养老床位1200张以上，总投资9亿元。"
PAST = "2023年新增养老床位1000张，完成投资7.5亿元。"
REASON = "因施工围挡影响出行，工期由原定的六月推迟到九月。"


def cite(marker: str, text: str) -> Citation:
    return Citation(marker, "a.txt", "l", None, None, None, None, None, 0, len(text), text)


def support(text: str, *cited: str, outcome: Outcome = Outcome.ANSWERED) -> tuple[float | None, State]:
    score = score_claim_support(Answer(outcome, text, tuple(cite(f"E{i + 1}", each) for i, each in enumerate(cited))))
    return score.value, score.state


@pytest.mark.parametrize(
    ("text", "cited", "value"),
    [
        ("甲市2024年新增养老床位的目标为1200张以上。[E1]", (PLAN,), 1),
        ("甲市2024年新增养老床位的目标为1300张以上。[E1]", (PLAN,), 0),
        ("总投资90000万元。[E1]", (PLAN,), 1),
        ("The plan is 1,200 beds and 900 million yuan.[E1]", (PLAN,), 1),
        ("The plan is 1,200 beds.[E1] It costs 9 billion yuan.[E1]", (PLAN,), 0.5),
        ("2024年1200张，2023年1000张，多200张。[E1][E2]", (PLAN, PAST), 1),
        ("多20%。[E1][E2] 投资多1.5亿元。[E1][E2]", (PLAN, PAST), 1),
        ("多300张。[E1][E2]", (PLAN, PAST), 0),
        ("1200张。[E3]", (PLAN,), 0),  # a marker that leads nowhere proves nothing
        ("1200张。", (PLAN,), 0),  # nor does none
        ("目标为1200张以上。\n总投资9亿元。[E1]", (PLAN,), 1),  # the marker at the end proves both lines
        ("因施工围挡影响出行，工期推迟到九月。[E1]", (REASON,), 1),
        ("因资金没有到位，项目已经停工。[E1]", (REASON,), 0),
        ("提出人：祝云开。[E1]", ("祝云开委员：",), 1),
        ("提出人：祝云关。[E1]", ("祝云开委员：",), 0),
        ("技术合同成交额16.5 billion yuan。[E1]", ("2024年目标 | 165 | 1300",), 1),  # 亿元 stands in the head of the column
        ("技术合同成交额16.6 billion yuan。[E1]", ("2024年目标 | 165 | 1300",), 0),
        ("1,200 minus 1,000 = 200.[E1][E2]", (PLAN, PAST), 1),
        ("2023年新增1000张。[E1]其余部分答复函中没有提到。", (PAST,), 1),
    ],
)
def test_a_claim_is_supported_by_its_figures_or_its_words(text: str, cited: tuple[str, ...], value: float) -> None:
    assert support(text, *cited) == (value, State.VALUE)


def test_nothing_is_claimed_by_not_found_and_nothing_told_of_an_english_claim_without_figures() -> None:
    assert support("未找到。", outcome=Outcome.NOT_FOUND) == (None, State.NOT_APPLICABLE)
    assert support("Road works delayed it.[E1]", REASON) == (None, State.NOT_APPLICABLE)
    assert support("没有采纳。[E1]", REASON) == (None, State.NOT_APPLICABLE)


def test_claims_are_sentences_and_a_decimal_point_ends_none() -> None:
    assert claims_of("It grew by 2.5 percent.[E1] Beds: 3,000.[E2]") == [("It grew by 2.5 percent.", ("E1",)), ("Beds: 3,000.", ("E2",))]
