"""Which time expression a figure stands under: its own clause's, an earlier one's, a project's completion, the section's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.figures import words
from ingest.figures.clauses import Clause, Mention, find_spans, inside
from ingest.figures.names import KEPT_VERB, corrected_statement
from ingest.figures.periods import Period, PeriodKind
from ingest.figures.status import DONE_BEHIND
from ingest.figures.view import OWN_TIME, SentenceView
from rag.records import Figure, Status
from rag.units import UnitKind, unit_kind

_COMPLETION = re.compile(
    r"执行|施行|完工|建成|竣工|投用|投入使用|启用|开工|交付|通车|开通|上线|运营|运行|完成|投产|落成|开业|开园|开学|验收|回迁|搬迁|入住|贯通|实施|建设|出栏|通水|通气|并网|开放|开诊|入驻|复耕|到位|启动|拆除|销号|投运|营业|发电|接诊|招生|封顶|送电|供水|供气|办学"
)
_COMPLETION_START = re.compile(
    r"(?:建设|项目|工程)?(?:并|现|调整为|自|从|计划|力争|预计|将|于|拟|确保|争取|到|“?十|20|二[〇零]|今年|明年|年底|年内|\d)"
)
_PROJECT_KINDS = (
    UnitKind.AREA, UnitKind.LENGTH, UnitKind.MONEY, UnitKind.VOLUME, UnitKind.COUNT, UnitKind.POWER, UnitKind.ENERGY, UnitKind.WEIGHT, UnitKind.PEOPLE,
)  # fmt: skip
# Times that hold for the clauses behind them wherever they stand.
_HOLDING = (PeriodKind.AS_OF, PeriodKind.FROM, PeriodKind.END, PeriodKind.BY, PeriodKind.NOW, PeriodKind.SINCE)
_HAS_BEEN = re.compile(
    r"(?<![业自事])已(?:经)?(?:建成|完成|新增|开通|配备?|落实|投用|发放|改造|达到|覆盖|有|清理|整改|整治|贯通|拨付|受理|培训|兑付|拆除|修复|销号|办结|惠及|签约|认定|安装|更新)"
)
# 查处采砂案件57件: an act with no time anywhere above is this year's.
_JUST_DONE = re.compile(rf"^[，；、]?(?:[\u4e00-\u9fff]{{0,6}}[局委厅])?(?:共|先后|累计)?(?:{KEPT_VERB})(?:了)?[\u4e00-\u9fff“”]{{0,12}}$")
_YEARLY = re.compile(r"年均(?:提高|增长|下降|递增|降低|增加|减少)[^，]{0,3}$")


def find_period(view: SentenceView, mention: Mention, figures: Sequence[Figure]) -> tuple[Period | None, int | None]:
    """Find the time expression that a figure stands under, and its year; `figures` are those before it in the sentence."""
    start, clause = mention.quantity.start, view.clause_of(mention)
    if (noted := _noted_behind(view, mention)) is not None:
        return noted, view.year_of(noted)
    based = [span for span in view.based if span[1] <= start]
    figures = [figure for figure in figures if not inside(figure.start - view.sentence.start, based)]
    asides = [*(span for span in find_spans(view.text, "（(", "）)") if not span[0] < start < span[1]), *based]
    earlier = [p for p in view.periods if p.end <= start and p.kind in OWN_TIME and not inside(p.start, asides)]
    own = [p for p in earlier if p.start >= clause.start]
    if own and _is_left_behind(view, mention, own[-1]):
        return None, view.flow.year
    if own:
        return own[-1], _year_at(view, own[-1], mention)
    if _is_done_by_now(view, mention, earlier):
        return None, view.flow.year
    if _YEARLY.search(mention.before) or re.search(r"[两二三四五\d]年内", view.own_text(mention)):
        return None, None  # 年均提高0.6个百分点 holds for each year; 三年内: from when is not told
    if _turns_later(view, mention):
        return (earlier[-1], view.year_of(earlier[-1])) if earlier else (None, None)
    completion = _completion_after(view, mention)
    if completion is not None:
        return completion, view.year_of(completion)
    if earlier and _is_series_of_years(view, earlier, clause, figures):
        return None, None
    if earlier and (found := _holding(view, mention, earlier)) is not None:
        return found, _year_at(view, found, mention)
    return _carried(view, mention, figures, bool(earlier))


def _noted_behind(view: SentenceView, mention: Mention) -> Period | None:
    """在册家庭1.2万户（2022年底）: the bracket behind the value dates it."""
    end = mention.quantity.end
    return next(
        (p for p in view.periods if p.start == end + 1 and view.text[end] in "（(" and view.text[p.end : p.end + 1] in ("）", ")")), None
    )


_ACTS = re.compile(rf"(?:{KEPT_VERB}|{words.TURN_VERB}|计划|目标|完成|实现|达到|力争|安排|招聘)")


def _is_left_behind(view: SentenceView, mention: Mention, period: Period) -> bool:
    """由去年的7处增至11处: last year is the old value's."""
    between = view.text[period.end : mention.quantity.start]
    turned = any(period.end <= q.start and q.end <= mention.quantity.start for q in view.quantities) and words.TURN.match(
        re.sub(r"^[^增减提降升扩缩]*", "", between)
    )
    return bool(turned) and view.text[: period.start].endswith(("由", "从")) and (view.year_of(period) or 0) < (view.flow.year or 0)


def _is_stock(view: SentenceView, mention: Mention) -> bool:
    """Beside figures of several years, what names neither a time nor an act is simply so."""
    part = max(view.text.rfind("；", 0, mention.quantity.start), 0)
    if re.search(r"目标|任务|计划", view.text[mention.quantity.end : view.clause_of(mention).end]):
        return False
    return not _ACTS.search(view.text[part : mention.quantity.start]) and not re.search(r"其中|分别", view.own_text(mention)[:4])


def _holding(view: SentenceView, mention: Mention, earlier: Sequence[Period]) -> Period | None:
    """The time of an earlier clause that still holds."""
    part = view.text.rfind("；", 0, mention.quantity.start)
    near = [p for p in earlier if p.start > part or p.month is None or p.kind is not PeriodKind.DURING]
    firm = [p for p in near if p.leading or p.kind in _HOLDING]
    usable = firm or [p for p in near if mention.clause - view.clause_at(p.start) <= 2]
    return usable[-1] if usable else None


def _is_done_by_now(view: SentenceView, mention: Mention, earlier: Sequence[Period]) -> bool:
    """到明年建成70个，其中东湖区已建成16个: what has been done is true of now, not of the year to come."""
    above = earlier[-1] if earlier else view.flow.paragraph_period
    to_come = above is not None and bool(view.flow.year) and (view.year_of(above) or 0) > (view.flow.year or 0)
    return to_come and bool(_HAS_BEEN.search(view.own_text(mention)))


def _carried(view: SentenceView, mention: Mention, figures: Sequence[Figure], dated: bool) -> tuple[Period | None, int | None]:
    """The time of the figure before, of the sentence before, of the section; what has been done with none of these is so now."""
    done = bool(_HAS_BEEN.search(view.text[: mention.quantity.start]))
    levels = [figure for figure in figures if figure.status is not Status.BASELINE]
    last = levels[-1].year if levels else None
    carried = view.flow.paragraph_period
    if last is not None and (dated or carried is None or (done and last == view.flow.year)):
        return None, last
    if carried is not None and view.flow.mixed_years and _is_stock(view, mention):
        return Period(-1, -1, "", PeriodKind.NOW, None), None
    ahead = carried is not None and carried.year is not None and carried.year > (view.flow.year or carried.year)
    if (
        ahead
        and unit_kind(mention.quantity.unit_base) is UnitKind.MONEY
        and re.search(r"标准[：为是]", view.text[: mention.quantity.start])
    ):
        return None, view.flow.year  # the rate is in force, whatever year was spoken of before
    if carried is not None:
        return carried, carried.year
    done = bool(
        _HAS_BEEN.search(view.own_text(mention))
        or _JUST_DONE.search(mention.before)
        or DONE_BEHIND.match(view.text[mention.quantity.end :])
    )
    if view.flow.section_year is None and done:
        return None, view.flow.year
    if re.match(r"\s*(?:应为|更正为|修正为|订正为|实为)", view.text):
        return None, corrected_statement(view.flow.section)[1] or view.flow.section_year
    return None, view.flow.section_year


def _year_at(view: SentenceView, period: Period, mention: Mention) -> int | None:
    """The year of a time; what is so at present (目前, 现有) is true of the letter's year, but a rate in force is not dated."""
    if (
        period.kind is PeriodKind.NOW
        and period.text not in ("现行",)
        and (
            unit_kind(mention.quantity.unit_base) is not UnitKind.MONEY
            or not re.search(r"每|标准|[补奖资]助?|最高|费", view.own_text(mention))
        )
    ):
        return view.flow.year
    return view.year_of(period)


def _turns_later(view: SentenceView, mention: Mention) -> bool:
    """合格率达到88%…；2026年提高到91%: what stands before is how things are."""
    later, year = view.text[view.clause_of(mention).end :], view.flow.year
    pattern = rf"[；，](?:到)?(?:{year}年|今年)(?:底|末|内)?(?:要|将|计划|力争|拟)?(?:分别)?(?:(?:提高|达到|增加|扩大|降|提升|上升)(?:到|至)?|新增\d|再)"
    return bool(year and re.search(pattern, later))


def _is_series_of_years(view: SentenceView, earlier: Sequence[Period], clause: Clause, figures: Sequence[Figure]) -> bool:
    """…率2027年达到51%、2028年达到53%，间隔缩短到9分钟: the years belong to the item they stand in."""
    home = view.clauses[view.clause_at(earlier[-1].start)]
    if home is clause:
        return False
    inside = [p for p in earlier if home.start <= p.start < home.end]
    values = [q for q in view.quantities if home.start <= q.start < home.end]
    turned = any(figure.status is Status.BASELINE for figure in figures)
    return len({p.year for p in inside if p.year}) > 1 and len(values) > 1 and inside[0].start > home.start + 2 and not turned


def _completion_after(view: SentenceView, mention: Mention) -> Period | None:
    """总投资1.1亿元，计划2026年5月竣工: the last date of completion behind a project's figures."""
    if unit_kind(mention.quantity.unit_base) not in _PROJECT_KINDS or re.search(r"已|完成|截至|实际", view.own_text(mention)):
        return None
    found = None
    for index, clause in enumerate(view.clauses[mention.clause :]):
        dates = [
            p
            for p in view.periods
            if max(clause.start, mention.quantity.end) <= p.start and p.end <= clause.end and p.kind in OWN_TIME and view.year_of(p)
        ]
        begins = index == 0 or _COMPLETION_START.match(clause.text)
        if (
            index
            and "投资" not in clause.text
            and any(q.start >= clause.start and q.end <= clause.end for q in view.quantities)
            and any(p.leading and clause.start <= p.start < clause.end and p.kind is PeriodKind.DURING for p in view.periods)
        ):
            break  # 累计300公里，今年计划新建40公里，…9月底贯通: another act begins
        if dates and begins and not re.search(r"延|推迟" if index == 0 else r"延|推迟|因", clause.text):
            completes = _COMPLETION.search(view.text[dates[-1].end : clause.end][:10])
            own_value = any(q.start > dates[-1].start and q.end <= clause.end for q in view.quantities)
            found = dates[-1] if completes and not own_value else found
        if clause.mark in ("；", "。"):
            break
    return found
