"""A small ledger about invented places and many bureaus, for tests of question, ledger and composition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from rag.candidates import Ledger
from rag.known import make_known
from rag.match import Encode
from rag.quantity import read_quantities
from rag.records import Comparator, Figure, Letter, Measure, Sentence, Status

STATUSES = {"t": Status.TARGET, "a": Status.ACTUAL, "b": Status.BASELINE}


@dataclass
class Draft:
    """One letter in the making: lines of text, each with the figures that it states."""

    body: str
    place: str
    parent: str | None
    number: str
    day: date
    corrects: str | None = None
    title: str = ""
    lines: list[tuple[str, list[str]]] = field(default_factory=list)


# A figure: name | quantity as it stands in the line | year | t, a or b | subject (empty: the letter's place) | period | flags
LETTERS: list[Draft] = [
    Draft("岫川市交通运输局", "岫川市", "临江省", "岫交提复〔2023〕12号", date(2023, 6, 5), lines=[
        ("2022年，全市新增公共停车泊位3200个，完成年度计划的106.7%。", ["新增公共停车泊位|3200个|2022|a", "新增公共停车泊位完成率|106.7%|2022|a|||completion"]),
        ("2022年底全市公共停车泊位总数达4.6万个。", ["公共停车泊位总数|4.6万个|2022|a||2022年底"]),
        ("2023年计划新增公共停车泊位4000个以上，新建公共充电桩1500根。", ["新增公共停车泊位|4000个|2023|t", "新建公共充电桩|1500根|2023|t"]),
        ("溪桥区2023年计划新增公共停车泊位900个，禾坪县600个。", ["新增公共停车泊位|900个|2023|t|溪桥区", "新增公共停车泊位|600个|2023|t|禾坪县"]),
        ("2022年公交日均客运量41.3万人次。", ["公交日均客运量|41.3万人次|2022|a"]),
    ]),
    Draft("岫川市交通运输局", "岫川市", "临江省", "岫交提复〔2024〕9号", date(2024, 5, 20), lines=[
        ("2023年，全市实际新增公共停车泊位3860个。", ["新增公共停车泊位|3860个|2023|a"]),
        ("2024年计划新增公共停车泊位4500个。", ["新增公共停车泊位|4500个|2024|t"]),
        ("2024年上半年已新增公共停车泊位1710个。", ["新增公共停车泊位|1710个|2024|a||2024年上半年"]),
    ]),
    Draft("岫川市公安局", "岫川市", "临江省", "岫公提复〔2023〕7号", date(2023, 7, 1), lines=[
        ("2022年，全市电信网络诈骗案件立案2184起，同比下降12.6%。", ["电信网络诈骗案件立案数|2184起|2022|a", "电信网络诈骗案件立案同比下降|12.6%|2022|a|||change"]),
        ("2022年刑事案件破案率为61.8%。", ["刑事案件破案率|61.8%|2022|a"]),
        ("2023年计划新增视频监控探头2600个。", ["新增视频监控探头|2600个|2023|t"]),
    ]),
    Draft("岫川市水利局", "岫川市", "临江省", "岫水函〔2023〕31号", date(2023, 6, 18), lines=[
        ("2022年全市农村自来水普及率为93.4%，2023年目标为95%以上。", ["农村自来水普及率|93.4%|2022|a", "农村自来水普及率|95%|2023|t"]),
        ("2023年计划除险加固小型水库14座，加固堤防27.5公里。", ["除险加固小型水库数|14座|2023|t", "加固堤防|27.5公里|2023|t"]),
        ("到2025年农村自来水普及率达到97%。", ["农村自来水普及率|97%|2025|t||到2025年"]),
        ("“十四五”期间累计治理中小河流180公里。", ["累计治理中小河流|180公里|2025|t||“十四五”期间"]),
    ]),
    Draft("岫川市文化广电和旅游局", "岫川市", "临江省", "岫文旅提复〔2024〕3号", date(2024, 6, 12), lines=[
        ("2023年全市接待国内游客2860万人次，旅游总收入312亿元。", ["接待国内游客|2860万人次|2023|a", "旅游总收入|312亿元|2023|a"]),
        ("全市现有4A级以上景区11家，公共图书馆7个。", ["4A级以上景区数|11家||a||现有", "公共图书馆数|7个||a||现有"]),
        ("2024年主要预期目标是：接待国内游客3100万人次以上，旅游总收入340亿元左右，新建城市书房12家，新增等级民宿30家。",
         ["接待国内游客|3100万人次|2024|t", "旅游总收入|340亿元|2024|t", "新建城市书房数|12家|2024|t", "新增等级民宿数|30家|2024|t"]),
    ]),
    Draft("岫川市体育局", "岫川市", "临江省", "岫体函〔2023〕8号", date(2023, 5, 30), lines=[
        ("2022年底全市人均体育场地面积2.56平方米，2023年目标为2.7平方米。", ["人均体育场地面积|2.56平方米|2022|a||2022年底", "人均体育场地面积|2.7平方米|2023|t"]),
        ("2023年计划新建健身步道60公里、社会足球场8片。", ["新建健身步道|60公里|2023|t", "新建社会足球场数|8片|2023|t"]),
    ]),
    Draft("禾坪县农业农村局", "禾坪县", "岫川市", "禾农提复〔2023〕5号", date(2023, 6, 20), lines=[
        ("2022年全县粮食总产量18.7万吨，建成高标准农田2.1万亩，农民专业合作社436家。",
         ["粮食总产量|18.7万吨|2022|a", "建成高标准农田|2.1万亩|2022|a", "农民专业合作社数|436家|2022|a"]),
        ("2023年计划建设高标准农田2.6万亩，主要农作物耕种收综合机械化率达到76%以上。",
         ["建设高标准农田|2.6万亩|2023|t", "主要农作物耕种收综合机械化率|76%|2023|t"]),
        ("2022年农村居民人均可支配收入24860元。", ["农村居民人均可支配收入|24860元|2022|a"]),
    ]),
    Draft("岫川市人力资源和社会保障局", "岫川市", "临江省", "岫人社提复〔2023〕22号", date(2023, 6, 28), lines=[
        ("2022年全市城镇新增就业6.3万人，城镇登记失业率2.9%。", ["城镇新增就业|6.3万人|2022|a", "城镇登记失业率|2.9%|2022|a"]),
        ("2023年城镇新增就业6万人以上，开展职业技能培训4.5万人次，城镇登记失业率控制在3.5%以内。",
         ["城镇新增就业|6万人|2023|t", "职业技能培训|4.5万人次|2023|t", "城镇登记失业率|3.5%|2023|t"]),
    ]),
    Draft("岫川市人力资源和社会保障局", "岫川市", "临江省", "岫人社提复〔2024〕17号", date(2024, 6, 3), lines=[
        ("2023年城镇新增就业6.42万人，城镇登记失业率2.7%。", ["城镇新增就业|6.42万人|2023|a", "城镇登记失业率|2.7%|2023|a"]),
    ]),
    Draft("岫川市市场监督管理局", "岫川市", "临江省", "岫市监函〔2023〕40号", date(2023, 8, 2), lines=[
        ("2022年食品安全抽检12400批次，合格率98.6%。", ["食品安全抽检批次|12400批次|2022|a", "食品安全抽检合格率|98.6%|2022|a"]),
    ]),
    Draft("岫川市民政局", "岫川市", "临江省", "岫民提复〔2023〕11号", date(2023, 5, 11), lines=[
        ("2023年计划新建社区老年食堂45家，全市老年食堂总数达到160家。", ["新建社区老年食堂数|45家|2023|t", "老年食堂总数|160家|2023|t"]),
        ("2022年末全市养老床位2.35万张，其中护理型床位1.28万张。", ["养老床位|2.35万张|2022|a||2022年末", "护理型床位|1.28万张|2022|a||2022年末"]),
    ]),
    Draft("岫川市民政局", "岫川市", "临江省", "岫民函〔2023〕19号", date(2023, 6, 9), corrects="岫民提复〔2023〕11号", title="关于更正有关数据的函", lines=[
        ("2023年计划新建社区老年食堂由45家更正为40家。",
         ["新建社区老年食堂数|45家|2023|b|||revoked", "新建社区老年食堂数|40家|2023|t"]),
    ]),
    Draft("临江省教育厅", "临江省", None, "临教函〔2024〕6号", date(2024, 4, 8), lines=[
        ("2024年全省计划新增义务教育学位12万个。", ["新增义务教育学位|12万个|2024|t"]),
        ("小学生均公用经费基准定额每生每年760元，初中每生每年980元。", ["小学生均公用经费基准定额|760元||a||现行", "初中生均公用经费基准定额|980元||a||现行"]),
    ]),
    Draft("云堡市体育局", "云堡市", "临江省", "云体函〔2023〕2号", date(2023, 6, 1), lines=[
        ("2022年底全市人均体育场地面积2.81平方米。", ["人均体育场地面积|2.81平方米|2022|a||2022年底"]),
    ]),
]  # fmt: skip


def build(draft: Draft) -> tuple[Letter, list[Figure]]:
    """Text, sentences and figures of one draft."""
    text, sentences, figures = "", [], []
    letter_id = f"{draft.body}-{draft.number}"
    for index, (line, rows) in enumerate(draft.lines):
        start = len(text)
        text += line
        sentences.append(Sentence(index, start, len(text), line))
        found = read_quantities(line)
        for row in rows:
            cells = (row.split("|") + [""] * 7)[:7]
            name, written, year, status, subject, period, flag = cells
            quantity = next(
                q for q in found if line[q.start : q.end].startswith(re.sub(r"[^\d.]+.*", "", written)) and q.text.endswith(written[-1])
            )
            figures.append(Figure(
                letter_id, name, quantity.value, quantity.unit, quantity.value_base, quantity.unit_base, quantity.comparator,
                int(year) if year else None, period or (f"{year}年" if year else ""), STATUSES[status], subject or draft.place, subject or draft.place,
                index, start + quantity.start, start + quantity.end,
                measure={"change": Measure.CHANGE, "completion": Measure.COMPLETION}.get(flag, Measure.LEVEL), revoked=flag == "revoked",
            ))  # fmt: skip
        text += "\n"
    letter = Letter(letter_id, letter_id, f"{draft.number}.txt", "txt", text, tuple(sentences), title=draft.title or None, bodies=(draft.body,),
                    place=draft.place, parent_place=draft.parent, doc_number=draft.number, issued_on=draft.day, corrects=draft.corrects)  # fmt: skip
    return letter, figures


def make_ledger(encode: Encode | None = None, drafts: list[Draft] | None = None, home: str = "") -> Ledger:
    """The ledger of these letters."""
    letters: list[Letter] = []
    figures: list[Figure] = []
    for draft in drafts or LETTERS:
        letter, own = build(draft)
        letters.append(letter)
        figures += own
    by_id = {letter.letter_id: letter for letter in letters}
    return Ledger(letters, figures, by_id.__getitem__, encode, known=make_known(letters, figures, home))


def comparators(ledger: Ledger) -> set[Comparator]:
    """The comparators that occur, to see that the table is read as meant."""
    return {f.comparator for f in ledger.figures}
