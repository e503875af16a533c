"""Mobile and identity numbers are masked, everything else is left as it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.privacy import has_personal, mask

MASKED = [
    ("联系电话：15400001234。", "联系电话：154****1234。"),
    ("手机 154 0000 1234，请来电", "手机 154 **** 1234，请来电"),
    ("手机154-0000-1234", "手机154-****-1234"),
    ("手机15400001234张某，15400009999万某", "手机154****1234张某，154****9999万某"),
    ("（15412345678）", "（154****5678）"),
    ("电话：＋８６１５４００００１２３４", "电话：＋８６１５４****１２３４"),
    ("+86 154 0000 0000", "+86 154 **** 0000"),
    ("张某15400001234、李某15400005678", "张某154****1234、李某154****5678"),
    ("call 15400001234 or 15400005678.", "call 154****1234 or 154****5678."),
    ("身份证号330399199001011234的居民", "身份证号330399**********34的居民"),
    ("33039919900101123X", "330399**********3X"),
    ("３３０３９９１９９００１０１１２３Ｘ", "３３０３９９**********３Ｘ"),
    ("旧证330399900101123。", "旧证330399*******23。"),
    ("身份证330399 19900101 1234", "身份证330399 ******** **34"),
    ("身份证330399 1990 0101 1234", "身份证330399 **** **** **34"),
    ("身份证3303 9919 9001 0112 34", "身份证3303 99** **** **** 34"),
    ("330399－19900101－123X", "330399－********－**3X"),
    ("15400001234 15400005678", "154****1234 154****5678"),
    ("154 0000 1234 154 0000 5678", "154 **** 1234 154 **** 5678"),
    ("电话15400001234 0577-88001234", "电话154****1234 0577-88001234"),
    ("330399199001011234 15400001234", "330399**********34 154****1234"),
    ("15400001234 2023年", "154****1234 2023年"),
    ("154-0000-1234 2023年", "154-****-1234 2023年"),
    ("154－0000－1234", "154－****－1234"),
    ("154　0000　1234", "154　****　1234"),
    ("154 - 0000 - 1234", "154 - **** - 1234"),
    ("1540 000 1234", "154* *** 1234"),
    ("8615400001234", "86154****1234"),
    ("008615400001234", "0086154****1234"),
    ("外地请拨015400001234", "外地请拨0154****1234"),
    ("Tel15400001234", "Tel154****1234"),
    ("No.15400001234", "No.154****1234"),
    ("1.15400001234", "1.154****1234"),
    ("手机15400001234E-mail：a@b", "手机154****1234E-mail：a@b"),
    ("15400001234 人力资源科", "154****1234 人力资源科"),
    ("15400001234@example.cn", "154****1234@example.cn"),
]
LEFT = [
    "联系电话：0577-88001234",
    "电话：88001234",
    "热线12345、12315",
    "投资15400001234元",
    "15400001234.56",
    "总量15412345678吨",
    "13800000000元",
    "投资13800000000万元、15400001234亿美元",
    "￥15400001234，¥ 15400001234，$15400001234",
    "15400001234 yuan, 15400001234 tonnes, 15400001234 square metres, 15400001234kWh, 15400001234m2",
    "补贴15400001234人次，15400001234件",
    "项目代码2019-330399-50-03-024735",
    "统一社会信用代码91330399145678901X",
    "车位 | 154 | 2022 | 2023",
    "新增孵化面积180万平方米，1,380,000,123元",
    "温科提复〔2023〕142号",
    "2023年6月20日",
    "20230620138",  # begins like no mobile number
    "4008001234567",  # too long for one
    "154001234567890",  # neither of both
    "330399199013011234",  # month 13
    "A15400001234B56",  # within a code
    "154 0000 1234 5678",  # a row of figures
    "",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert has_personal(text)
    assert not has_personal(masked)


@pytest.mark.parametrize("text", LEFT)
def test_everything_else_is_left(text: str) -> None:
    assert mask(text) == text
    assert not has_personal(text)


@given(
    st.lists(
        st.one_of(st.text(alphabet="138 -０１３年元Xx，号*＊", max_size=24), st.sampled_from([t for t, _ in MASKED] + LEFT)), max_size=4
    ).flatmap(lambda parts: st.sampled_from(["，", " ", "", "-", "\n"]).map(lambda between: between.join(parts)))
)
def test_masking_keeps_the_length_and_is_done_once(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == masked
    assert all(a == b or b == "*" for a, b in zip(text, masked, strict=True))


@given(st.text(alphabet="0123456789０９ -年月日元万，。A*＊", max_size=60))
def test_text_with_fewer_digits_than_a_mobile_number_is_left(text: str) -> None:
    few = re.sub(r"(\d\D{0,3}){10,}", "1234567890，、；：", text)
    assert mask(few) == few
