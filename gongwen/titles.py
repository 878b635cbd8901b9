"""Where a title breaks: at the places a person chose, else by words into a tidy shape.

GB/T 9704-2012 7.3.1: 2号 type, centred, words whole, a trapezoid or a diamond and never an hour-glass.
"""

from __future__ import annotations

import re
from functools import cache

from gongwen.compose import NO_END, NO_START
from gongwen.text import clean

# 156 mm hold 20 characters of 22 pt.
LONGEST_LINE = 20

# Words that titles of proposals and answers are made of; the longer ones first.
_WORDS = """
社会主义 人民政府 基础设施 公共服务 社会治理 乡村振兴 生态环境 水源地 饮用水 委员会 答复函 办事处
互联网 老年人 残疾人 未成年人 留守儿童 第三方 一体化 数字化 信息化 规范化 常态化 现代化 高质量
智能化 产业化 标准化 关于 会议 提案 政协 办理 情况 答复 意见 建议 工作 问题 有关 进一步 加强
加快 推进 推广 推动 促进 完善 健全 建立 建设 创新 优化 提升 提高 改善 改进 改革 发展 保障
保护 防治 治理 整治 管理 监管 监督 服务 支持 扶持 培育 培养 引导 规范 落实 实施 开展 深化
扩大 解决 打造 构建 实现 体系 机制 制度 政策 措施 方案 规划 计划 项目 工程 平台 资源 资金
资产 数据 信息 技术 人才 人员 队伍 企业 产业 行业 市场 经济 文化 教育 卫生 健康 医疗 养老
就业 创业 住房 交通 道路 城市 城乡 农村 农业 农民 乡镇 街道 社区 村庄 小区 居民 群众 社会
组织 基层 民主 协商 自治 法治 安全 应急 消防 食品 药品 环境 生态 污染 污水 垃圾 水利 河道
湖泊 湿地 林业 旅游 体育 科技 科普 学校 学生 教师 幼儿 儿童 妇女 青年 老年 家庭 困难 救助
扶贫 共享 交换 部门 公共 公益 政务 营商 民营 中小 金融 财政 税收 土地 规模 特色 品牌 传统
非遗 文物 历史 实践 活动 宣传 培训 试点 示范 成果 我区 我市 我县 全区 全市 全县 年度 加大
力度 水平 能力
"""

# What stays whole: a short name in 《》, a quoted one, digits with what they count, Latin words, common words.
_WHOLE = re.compile(
    r"《[^《》]{1,16}》|“[^“”]{1,8}”|第?[0-9]+(?:号(?:提案|建议|议案)?|[届次年月日])?|[!-~]+"
    r"|[一二三四五六七八九十]+届(?:[一二三四五六七八九十]+次(?:全体)?会议)?"
    rf"|[一二三四五六七八九十]+次(?:全体会议|会议)?|{'|'.join(sorted(_WORDS.split(), key=len, reverse=True))}|."
)


def break_title(title: str) -> list[str]:
    """The lines of a title, top to bottom. Each "\\n" stays a break; a line too long is broken further."""
    chosen = (clean(line).strip(" \u3000") for line in title.split("\n"))
    return [line for part in chosen if part for line in _balanced(part)]


def _measure(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _balanced(text: str) -> list[str]:
    if _measure(text) <= LONGEST_LINE:
        return [text]
    words = _words(text)
    count = -int(-_measure(text) // LONGEST_LINE)
    for lines in range(count, count + 3):
        found = _best_break(tuple(words), lines)
        if found:
            return found
    return [text[i : i + LONGEST_LINE] for i in range(0, len(text), LONGEST_LINE)]


def _words(text: str) -> list[str]:
    """The title in pieces that stay whole, marks bound to the side they belong to."""
    words: list[str] = []
    for piece in _WHOLE.findall(text):
        if words and (piece[0] in NO_START or piece in "的地得" or words[-1][-1] in NO_END):
            words[-1] += piece
        else:
            words.append(piece)
    return [part for word in words for part in _cut(word)]


def _cut(word: str) -> list[str]:
    return [word[i : i + LONGEST_LINE] for i in range(0, len(word), LONGEST_LINE)]


def _best_break(words: tuple[str, ...], lines: int) -> list[str] | None:
    """The break into that many lines whose lengths are the most even, none shaped like an hour-glass."""
    ideal = _measure("".join(words)) / lines

    @cache
    def ways(start: int, left: int) -> tuple[tuple[str, ...], ...]:
        if left == 1:
            rest = "".join(words[start:])
            return ((rest,),) if 0 < _measure(rest) <= LONGEST_LINE else ()
        found = []
        for end in range(start + 1, len(words)):
            line = "".join(words[start:end])
            if _measure(line) > LONGEST_LINE:
                break
            if _measure(line) >= ideal * 0.5:
                found += [(line, *rest) for rest in ways(end, left - 1)]
        return tuple(sorted(found, key=lambda way: _cost(way, ideal))[:40])

    best = ways(0, lines)
    return list(best[0]) if best else None


def _cost(way: tuple[str, ...], ideal: float) -> float:
    sizes = [_measure(line) for line in way]
    waist = any(
        before > size < after for before, size, after in zip(sizes, sizes[1:], sizes[2:], strict=False)
    )
    starts_weak = sum(line[0] in "的和与及等" for line in way[1:])
    return sum((size - ideal) ** 2 for size in sizes) + 100 * waist + 10 * starts_weak
