"""Letters made by a script, for measuring speed and growth: every one another body, year, number and set of figures. All is invented.

10,000 of them make about 120,000 chunks.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

FIRST = "岚汀栎澄珞砚棠霁泓苇"
SECOND = "川浦陵岭泽原溪屏"
BUREAUS = {
    "教育局": ("义务教育学位", "个", "普惠性幼儿园", "所", "课后服务教师", "名"),
    "卫生健康局": ("医疗床位", "张", "家庭医生签约居民", "万人", "社区卫生服务站", "个"),
    "交通运输局": ("农村公路", "公里", "公交专用道", "公里", "新能源公交车", "辆"),
    "水利局": ("加固水库", "座", "高效节水灌溉面积", "万亩", "农村供水工程", "处"),
    "民政局": ("养老床位", "张", "老年助餐点", "个", "适老化改造家庭", "户"),
    "生态环境局": ("污水管网", "公里", "入河排污口整治", "个", "噪声监测点", "个"),
    "农业农村局": ("高标准农田", "万亩", "家庭农场", "家", "冷链仓储库容", "万吨"),
    "文化和旅游局": ("城市书房", "家", "接待游客", "万人次", "文化惠民演出", "场"),
    "住房和城乡建设局": ("老旧小区", "个", "保障性租赁住房", "套", "口袋公园", "个"),
    "科学技术局": ("新增孵化面积", "万平方米", "高新技术企业", "家", "技术合同成交额", "亿元"),
}
MEASURES = ("健全工作机制", "加大资金投入", "强化督查考核", "做好宣传引导", "完善配套政策", "推进数据共享", "培育专业队伍")
FIRST_YEAR, YEARS = 2006, 20


@dataclass(frozen=True, slots=True)
class MadeLetter:
    """One letter and questions that it answers."""

    file: str
    text: str
    questions: tuple[tuple[str, str], ...]  # (question, language)


def make_letter(number: int) -> MadeLetter:
    """The letter with this number: the same each time."""
    chance = random.Random(number)
    places = [f"{a}{b}市" for a in FIRST for b in SECOND]
    place = places[number % len(places)]
    bureau = list(BUREAUS)[number // len(places) % len(BUREAUS)]
    year = FIRST_YEAR + number // (len(places) * len(BUREAUS)) % YEARS
    names = BUREAUS[bureau][0::2]
    units = BUREAUS[bureau][1::2]
    values = [chance.randint(12, 9800) / (10 if unit.startswith("万") else 1) for unit in units]
    shown = [f"{value:g}{unit}" for value, unit in zip(values, units, strict=True)]
    done = [f"{value * chance.uniform(0.7, 0.99):.0f}{unit}" for value, unit in zip(values, units, strict=True)]
    lines = [
        f"{place}{bureau}",
        f"{place[0]}{bureau[0]}复〔{year}〕{number % 997 + 1}号",
        f"关于市政协第{number % 997 + 1}号提案的答复",
        "某某某委员：",
        f"您提出的《关于进一步加强{names[0]}建设的提案》（第{number % 997 + 1}号）收悉。现答复如下：",
        "一、工作目标",
    ]
    lines += [f"{year}年，全市计划{name}达到{value}以上。" for name, value in zip(names, shown, strict=True)]
    lines += ["二、已有成效", f"{year - 1}年，全市{names[0]}实际{done[0]}，{names[1]}实际{done[1]}，{names[2]}实际{done[2]}。"]
    for place_in_list, measure in enumerate(chance.sample(MEASURES, 6)):
        sign = "三四五六七八"[place_in_list]
        lines += [f"{sign}、{measure}", _filler(chance, measure, names, place)]
    lines += [
        "感谢您对我们工作的关心和支持。",
        f"{place}{bureau}",
        f"{year}年{chance.randint(4, 9)}月{chance.randint(1, 28)}日",
        "联系人：某某某，联系电话：0000-00000000",
    ]
    questions = (
        (f"{place}{year}年{names[0]}的目标是多少？", "zh"),
        (f"{place}{year - 1}年{names[1]}实际是多少？", "zh"),
        (f"{place}{bureau}在{chance.choice(MEASURES)}方面有什么安排？", "zh"),
    )
    return MadeLetter(f"made-{number:06d}.txt", "\n".join(lines) + "\n", questions)


def _filler(chance: random.Random, measure: str, names: tuple[str, ...], place: str) -> str:
    part = chance.choice(("街道", "乡镇", "社区", "园区", "学校", "企业"))
    name = chance.choice(names)
    return (
        f"围绕{name}，我们将在{place}各{part}{measure}，组织{chance.randint(2, 60)}次实地走访，听取{part}负责人和群众代表意见，"
        f"把{name}工作列入年度重点事项，由分管负责人牵头，按季度通报进度，对进展缓慢的{part}开展约谈，确保{measure}落到实处、取得实效。"
    )


def write_letters(folder: Path, count: int, first: int = 0) -> list[MadeLetter]:
    """Write letters `first` … `first + count - 1`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [make_letter(number) for number in range(first, first + count)]
    for letter in made:
        (folder / letter.file).write_text(letter.text, encoding="utf-8")
    return made
