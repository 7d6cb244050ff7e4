"""Knows how to write grammatical nonsense of an exact length, in English and in Chinese.

Every builder is constructive: it is given a size and returns exactly that many words (or Han
characters), so no text is ever cut or padded to fit. Variety comes from the size of the word
lists times the number of sentence shapes; runs of eight already used in a text are drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations

_RUN = 8  # words, or Han characters: the length of a run that must not come twice
_DRAWS = 6


def _words(text: str) -> list[str]:
    return text.split()


_PEOPLE = _words("""
archivist baker beekeeper bookseller builder captain carpenter cartographer chemist clerk
cobbler collector composer courier critic dancer designer diplomat doctor driver editor engineer
explorer farmer ferryman forester gardener geologist glazier grocer guardian historian hunter
inspector inventor janitor jeweller joiner journalist keeper lawyer lecturer librarian linguist
locksmith mason mechanic merchant miller miner musician neighbour novelist nurse painter
physicist pilot planner plumber poet porter potter printer refugee sailor scholar sculptor
shepherd singer smuggler soldier stranger student surgeon surveyor tailor teacher tourist trader
translator traveller tutor visitor voter watchman weaver welder widow
""")
_THINGS = _words("""
almanac anchor apple atlas awning banner barometer basket bell blanket boat bottle bridge brush
bucket cabinet calendar camera candle canvas carpet cellar chair chart chimney clock coat coin
column compass cradle curtain diagram diary door drawing drum engine envelope fence fiddle flag
flute fountain furnace gate glove hammer hinge invoice jacket kettle kite ladder lantern ledger
lens letter lever lock loom machine manuscript map medal mirror model motor needle net notebook
oar orchard oven painting paper parcel pencil pendulum photograph piano pillar plough pocket
portrait poster pump quilt radio railing recipe record ribbon roof rope saddle sail saw scarf
sculpture shelf shovel signal sketch spoon stamp statue stone stool stove suitcase table
telescope tent ticket tile timber tool tower trumpet tunnel umbrella valve violin wagon wall
watch wheel whistle window wire
""")
_PLACES = _words("""
academy airport alley avenue barn bakery bank basement bay beach border cafe campus canal canyon
castle cathedral cave chapel cinema city clinic coast college colony corridor courtyard delta
desert district dock estuary factory farm field forest fortress frontier gallery garden glacier
harbour highway hill hospital hostel island junction kitchen laboratory lagoon lake library
lighthouse market meadow mill monastery mountain museum office outpost palace park peninsula
pier plain plateau playground port prairie quarry quay reef reservoir ridge river school
shipyard shore square stadium station street studio suburb summit tavern temple terrace theatre
town valley village vineyard warehouse waterfall wharf workshop
""")
_IDEAS = _words("""
agreement ambition argument assumption attitude balance belief bargain benefit burden career
century challenge choice claim climate comparison compromise concept concern condition conflict
consequence contract contrast crisis culture custom danger debate decade decision defeat delay
demand dilemma discipline discovery doctrine dream duty economy effort election emotion episode
error example exception excuse expectation experiment failure fashion festival forecast
friendship habit hypothesis idea illusion incident industry instinct interval invention journey
law legend lesson limit loss manner measure meeting memory method migration mistake moment
movement myth narrative notion objection obstacle opinion origin pattern pause penalty
philosophy policy preference principle problem process promise proposal protest puzzle question
reform rehearsal remedy reputation result reward rhythm ritual rule rumour scandal season secret
shift silence solution story strategy struggle success surprise symbol system tactic technique
tendency theory threat tradition treaty triumph trouble truth value victory vision warning
""")
_MASS = _words("""
accuracy advice affection anger attention beauty caution charity clarity comfort commerce
confidence confusion courage courtesy cruelty curiosity darkness dignity diligence discretion
doubt electricity elegance energy enthusiasm evidence exhaustion faith fatigue flour freedom
generosity gossip gratitude greed grief happiness harmony haste honesty hope humour hunger
ignorance imagination independence influence information irony jealousy justice kindness
knowledge laughter leisure literature logic loyalty luck luxury mercy moonlight music nostalgia
obedience optimism patience poetry poverty pride privacy progress prosperity prudence rain
reason regret research resilience respect satisfaction scarcity secrecy shame simplicity smoke
snow solitude sorrow strength sunlight sympathy talent tolerance traffic trust uncertainty
vanity violence warmth wealth weather wisdom wonder
""")
_ACTS = _words("""
abandon accept admire adore advertise appoint approach arrange assemble attack auction avoid
borrow bury calculate carry catalogue challenge chase check claim clean climb collect compare
conceal consider copy count cover craft decorate defend deliver describe design destroy discover
discuss display dismantle doubt empty enjoy enter examine explain explore fashion fear finish
follow forge gather greet guard handle hoist ignore imitate improve inherit inspect install
invent investigate label launch lift like love lower measure mend mention mock move need neglect
notice observe offer open order paint pawn photograph place polish praise prepare preserve
protect pull purchase push question raise reach recall refuse remember remove rename repair
replace rescue respect restore return sample scratch search sketch smash steady study surround
test touch trace trade trust uncover unload use value visit want warm wash watch weigh welcome
witness
""")
_EFFECTS = _words("""
accelerate affect alter amplify balance betray blur challenge change clarify colour complicate
confirm confuse contradict counter damage deepen define delay demand destroy disguise disturb
dominate ease echo encourage end enlarge enrich erase exceed expose favour fracture frame govern
halt harden heal hinder illuminate imitate improve influence inspire invite justify lengthen
limit magnify mask mirror mould multiply nourish obscure outlast outweigh overturn predict
preserve prolong provoke punish question recall reflect reinforce renew replace require resemble
reshape resist resolve restrain reveal reverse reward ruin shape sharpen shelter shorten soften
spoil stabilise strengthen surround survive sustain threaten touch transform trouble unite
unsettle weaken widen
""")
_ADJECTIVES = _words("""
abrupt absent ambitious ancient anxious awkward bitter blunt bold brave brief bright brilliant
broad broken busy calm candid careful careless cautious celebrated cheap cheerful clever clumsy
coarse cold colourful common complex costly crooked crowded cruel curious damp dark decent deep
deliberate delicate dense dignified distant dull dusty eager early earnest eccentric elaborate
elegant empty enormous expensive faded faint faithful false familiar famous fierce final firm
foreign forgotten formal fragile fresh friendly frozen gentle genuine golden graceful grand
grateful gloomy half hasty heavy hidden hollow hopeful humble idle immense imperfect impatient
inner innocent lasting late lively local lonely loose loud loyal lucky massive mature mild minor
modern modest muddy mysterious narrow neat nervous noble noisy obscure odd official ordinary
ornate outer pale patient peculiar plain pleasant polite popular practical precious precise
previous private profound proud public quick quiet rare rational recent reluctant remote
restless rough rural rusty sacred salty secret separate serious severe shallow sharp silent
simple sincere sleepy slender slow small sober solemn solid solitary spare stable steep stern
stiff strange strict stubborn subtle sudden sunny superb sweet swift tall tedious tender thick
thin timid tiny tired tough tragic tranquil vague vast vivid vulnerable warm weary wild wise
wooden worthy young zealous
""")
_ADVERBS = _words("""
abruptly accidentally afterwards awkwardly boldly briefly brightly calmly carefully cautiously
cheerfully clearly cleverly constantly curiously deeply deliberately discreetly eagerly easily
elegantly faithfully firmly formally frankly freely gently gladly gradually gratefully happily
hastily honestly immediately independently instantly intensely kindly lazily lightly loudly
loyally naturally neatly nervously nobly officially openly partly patiently peacefully perfectly
plainly politely privately promptly proudly publicly quickly quietly rapidly rarely readily
reluctantly repeatedly sadly secretly seldom seriously sharply silently simply sincerely slowly
softly solemnly steadily strangely stubbornly subtly suddenly swiftly tenderly thoroughly
thoughtfully tirelessly unexpectedly usually vaguely warmly weakly wearily widely wisely
""")
_DEGREES = _words("""
almost barely deeply entirely equally especially exceptionally fairly hardly increasingly merely
mildly oddly particularly quite rather remarkably slightly strangely strikingly surprisingly
terribly truly unusually utterly very wonderfully
""")
_DETERMINERS = _words("""
the the the this that every each another one its their our his her some any
""")
_MANY = _words("""
the these those many several few most two three seven countless other such some
""")
_PREPOSITIONS = _words("""
above across after against along among around before behind beneath beside beyond by despite
during from inside near opposite outside past through toward under within without
""")
_LINKS = _words("""
while because although until whenever before after since unless once wherever though where
whereas
""")
_ADDITIONS = ["and", "but", "yet", "so", "for", "or"]
_OPENERS = _words("""
Eventually Meanwhile Nevertheless Therefore Moreover Instead Afterwards Sometimes Occasionally
Perhaps Later Today Again Still Soon Often Thus However Besides Indeed Elsewhere Yesterday
Somehow
""")
_MODALS = ["could", "would", "might", "should", "must", "had to", "never", "also", "soon", "then"]
_SEEMED = _words("""
seemed remained became felt looked appeared grew stayed sounded proved
""")

_Rng = random.Random


def english(rng: random.Random, words: int, topic: Sequence[str]) -> str:
    """Write English of exactly `words` plain words in paragraphs of three to six sentences.

    Words of `topic` that are plain ASCII letters appear among the nouns. The text ends with a
    full stop; no words, no text.
    """
    writer = _English(rng, topic)
    sizes = _sizes(rng, words, 7, 27)
    return _compose(rng, sizes, writer.sentence, str.split, " ")


def chinese(rng: random.Random, characters: int, topic: Sequence[str]) -> str:
    """Write Chinese of exactly `characters` Han characters, punctuation not counted.

    Topic words of two to four Han characters appear among the nouns; the text ends with 。.
    """
    writer = _Chinese(rng, topic)
    sizes = _sizes(rng, characters, 13, 41)
    return _compose(rng, sizes, writer.sentence, han, "")


def heading(rng: random.Random, topic: Sequence[str], in_chinese: bool) -> str:
    """Make a short heading: two to six words in title case, or four to nine Han characters."""
    return _Chinese(rng, topic).heading() if in_chinese else _English(rng, topic).heading()


def sentence(rng: random.Random, topic: Sequence[str], in_chinese: bool) -> str:
    """Make one sentence of nine to seventeen words, or of fourteen to twenty-six characters."""
    if in_chinese:
        return _Chinese(rng, topic).sentence(rng.randint(14, 26))
    return _English(rng, topic).sentence(rng.randint(9, 17))


def is_han(character: str) -> bool:
    """Tell whether a character is a Han ideograph (the main block and extension A)."""
    return "\u3400" <= character <= "\u9fff"


def han(text: str) -> list[str]:
    """List the Han characters of a text."""
    return [c for c in text if is_han(c)]


def _sizes(rng: _Rng, total: int, low: int, high: int) -> list[int]:
    """Split a total into sentence sizes within [low, high], the last one freer."""
    sizes: list[int] = []
    while total > high + low:
        sizes.append(rng.randint(low, high))
        total -= sizes[-1]
    if total > high:
        sizes.append(total // 2)
        total -= sizes[-1]
    return [*sizes, total] if total > 0 else sizes


def _compose(
    rng: _Rng,
    sizes: list[int],
    make: Callable[[int], str],
    units: Callable[[str], list[str]],
    glue: str,
) -> str:
    """Join sentences into paragraphs, drawing a sentence again while it repeats a run."""
    seen: set[tuple[str, ...]] = set()
    tail: list[str] = []
    sentences: list[str] = []
    for size in sizes:
        for _ in range(_DRAWS):
            text = make(size)
            line = tail + units(text.lower().replace(",", "").replace(".", ""))
            runs = {tuple(line[i : i + _RUN]) for i in range(len(line) - _RUN + 1)}
            if not runs & seen:
                break
        seen |= runs
        tail = line[-(_RUN - 1) :]
        sentences.append(text)
    return "\n\n".join(glue.join(group) for group in _paragraphs(rng, sentences))


def _paragraphs(rng: _Rng, sentences: list[str]) -> list[list[str]]:
    groups = []
    while len(sentences) > 6:
        size = rng.choice([n for n in (3, 4, 5, 6) if len(sentences) - n >= 3])
        groups.append(sentences[:size])
        sentences = sentences[size:]
    return [*groups, sentences] if sentences else groups


def _split(rng: _Rng, total: int, bounds: list[tuple[int, int]]) -> list[int]:
    """Split a total into one size for each pair of bounds; the bounds must allow it."""
    sizes = []
    for at, (low, high) in enumerate(bounds):
        rest = bounds[at + 1 :]
        least = max(low, total - sum(h for _, h in rest))
        most = min(high, total - sum(b for b, _ in rest))
        sizes.append(rng.randint(least, most))
        total -= sizes[-1]
    return sizes


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("man"):
        return noun[:-2] + "en"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return "shelves" if noun == "shelf" else noun + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


def _ing(verb: str) -> str:
    return (verb[:-1] if verb.endswith("e") else verb) + "ing"


class _English:
    """Builds phrases of a given number of words; a phrase is a list of words."""

    def __init__(self, rng: _Rng, topic: Sequence[str]) -> None:
        self._rng = rng
        self._topic = [w.lower() for w in topic if w.isascii() and w.isalpha() and len(w) > 3]

    def sentence(self, size: int) -> str:
        """Build a sentence of exactly `size` words, 1 or more."""
        words = self._short(size) if size < 3 else self._long(size)
        text = " ".join(words).rstrip(",")
        return text[0].upper() + text[1:] + "."

    def heading(self) -> str:
        rng = self._rng
        noun = rng.choice(self._topic) if self._topic else rng.choice(_IDEAS)
        adjective, idea, place = rng.choice(_ADJECTIVES), rng.choice(_IDEAS), rng.choice(_PLACES)
        shapes = [
            f"the {adjective} {noun}",
            f"{noun} and {rng.choice(_MASS)}",
            f"{noun} beyond the {place}",
            f"a {rng.choice([w for w in _IDEAS if w[0] not in 'aeiou'])} of {noun}",
            f"{adjective} {noun} and the {idea}",
            f"from {noun} to {rng.choice(_MASS)}",
        ]
        return " ".join(w.capitalize() for w in rng.choice(shapes).split())

    def _short(self, size: int) -> list[str]:
        phrase = [self._rng.choice(_MASS)]
        return phrase if size == 1 else [self._rng.choice(_ADJECTIVES), *phrase]

    def _long(self, size: int) -> list[str]:
        words: list[str] = []
        if size >= 10 and self._rng.random() < 0.45:
            words = self._opener(self._rng.randint(1, 5))
        left = size - len(words)
        core = left if left <= 6 else self._rng.randint(4, min(11, left))
        words += self._clause(core)
        left -= core
        while left:
            part = left if left <= 5 else self._rng.randint(3, min(11, left))
            words += self._chunk(part, words)
            left -= part
        return words

    def _opener(self, size: int) -> list[str]:
        if size == 1:
            phrase = [self._rng.choice(_OPENERS)]
        elif size >= 4 and self._rng.random() < 0.5:
            phrase = [self._rng.choice(_LINKS), *self._clause(size - 1)]
        else:
            phrase = self._place(size)
        return [*phrase[:-1], phrase[-1] + ","]

    def _chunk(self, size: int, before: list[str]) -> list[str]:
        """Build what may follow a clause; may put a comma after the words before."""
        if size == 1:
            return [self._rng.choice(_ADVERBS)]
        kinds = ["place"] if size <= 7 else []
        kinds += ["doing"] if 3 <= size <= 7 else []
        kinds += ["link", "link", "add", "which"] if size >= 5 else []
        kind = self._rng.choice(kinds)
        if kind == "place":
            return self._place(size)
        before[-1] = before[-1].rstrip(",") + ("" if kind == "link" else ",")
        if kind == "doing":
            return [_ing(self._rng.choice(_ACTS)), *self._noun(_THINGS, size - 1)[0]]
        if kind == "which":
            verb, rest = _split(self._rng, size - 1, [(1, 4), (1, 6)])
            return ["which", *self._verb(_EFFECTS, verb), *self._noun(_IDEAS, rest)[0]]
        word = self._rng.choice(_LINKS if kind == "link" else _ADDITIONS)
        return [word, *self._clause(size - 1)]

    def _place(self, size: int) -> list[str]:
        if size == 2:
            return [self._rng.choice(["in", "with", "without", "despite", "through", "beyond"]),
                    self._rng.choice(_MASS)]  # fmt: skip
        nouns = self._rng.choice([_PLACES, _PLACES, _THINGS, _IDEAS])
        return [self._rng.choice(_PREPOSITIONS), *self._noun(nouns, size - 1)[0]]

    def _clause(self, size: int) -> list[str]:
        """Build subject, verb and object in 3 to 14 words."""
        kinds = ["person", "idea"]
        kinds += ["passive"] if 6 <= size <= 14 else []
        kinds += ["seem"] if 3 <= size <= 8 else []
        kinds += ["seem to"] if size >= 5 else []
        kind = self._rng.choice(kinds)
        if kind == "passive":
            subject, rest = _split(self._rng, size - 3, [(2, 6), (1, 6)])
            words, many = self._noun(self._rng.choice([_THINGS, _PLACES]), subject)
            verb = ["were" if many else "was", _past(self._rng.choice(_ACTS)), "by"]
            return [*words, *verb, *self._noun(_PEOPLE, rest)[0]]
        if kind.startswith("seem"):
            return self._state(size, kind == "seem")
        people = kind == "person"
        subject, verb_size, rest = _split(self._rng, size, [(1, 6), (1, 4), (1, 6)])
        doer = self._noun(_PEOPLE if people else _IDEAS, subject)[0]
        done = self._noun(self._rng.choice([_THINGS, _PLACES if people else _IDEAS]), rest)[0]
        return [*doer, *self._verb(_ACTS if people else _EFFECTS, verb_size), *done]

    def _state(self, size: int, bare: bool) -> list[str]:
        nouns = self._rng.choice([_IDEAS, _THINGS, _PLACES])
        verb = [self._rng.choice(_SEEMED), self._rng.choice(_ADJECTIVES)]
        if bare:
            return self._noun(nouns, size - 2)[0] + verb
        subject, rest = _split(self._rng, size - 3, [(1, 6), (1, 6)])
        link = self._rng.choice(["to", "for", "beside", "without", "before"])
        return [*self._noun(nouns, subject)[0], *verb, link, *self._noun(_PEOPLE, rest)[0]]

    def _verb(self, verbs: list[str], size: int) -> list[str]:
        """Build a verb group of 1 to 4 words."""
        rng = self._rng
        base, adverb = rng.choice(verbs), rng.choice(_ADVERBS)
        shapes = {
            1: [[_past(base)]],
            2: [[adverb, _past(base)], ["had", _past(base)], ["could", base], ["would", base]],
            3: [["had", adverb, _past(base)], ["began", "to", base], ["did", "not", base],
                ["could", adverb, base], ["seemed", "to", base], ["used", "to", base]],
            4: [["had", "not", adverb, _past(base)], ["seemed", "to", adverb, base],
                ["would", "not", adverb, base], ["could", "not", adverb, base],
                ["had", "been", adverb, _ing(base)]],
        }  # fmt: skip
        return list(rng.choice(shapes[size]))

    def _noun(self, nouns: list[str], size: int) -> tuple[list[str], bool]:
        """Build a noun phrase of 1 to 7 words, and tell whether it is plural."""
        rng = self._rng
        if size == 1:
            return ([rng.choice(_MASS)], False) if nouns is _IDEAS else (
                [_plural(rng.choice(nouns))], True)  # fmt: skip
        if size >= 4 and rng.random() < 0.6:
            tail = rng.randint(2, size - 2)
            head, many = self._noun(nouns, size - tail)
            link = "of" if tail == 2 else rng.choice(_PREPOSITIONS)
            inner = _THINGS if tail == 2 else rng.choice([_PLACES, _THINGS])
            return [*head, link, *self._noun(inner, tail - 1)[0]], many
        many = rng.random() < 0.3
        noun = _plural(rng.choice(nouns)) if many else self._name(nouns)
        adjectives = rng.sample(_ADJECTIVES, max(0, size - 2))
        if len(adjectives) > 1 and rng.random() < 0.6:
            adjectives[0] = rng.choice(_DEGREES)
        return [self._determiner(many, [*adjectives, noun][0]), *adjectives, noun], many

    def _name(self, nouns: list[str]) -> str:
        if self._topic and nouns is not _PEOPLE and self._rng.random() < 0.12:
            return self._rng.choice(self._topic)
        return self._rng.choice(nouns)

    def _determiner(self, many: bool, following: str) -> str:
        if not many and following not in self._topic and self._rng.random() < 0.3:
            return "an" if following[0] in "aeiou" else "a"
        return self._rng.choice(_MANY if many else _DETERMINERS)


_ZH_PEOPLE = _words("""
工匠 画家 船长 农民 医生 教师 学者 商人 记者 诗人 木匠 渔夫 学生 邻居 旅客 士兵 律师 厨师 司机
护士 园丁 歌手 裁缝 猎人 牧民 作家 导演 编辑 店主 村民 居民 读者 观众 专家 青年 老人 孩子 母亲
父亲 祖父 姐姐 弟弟 朋友 同事 客人 主人 市民 工人 队长 校长 院长 馆长 船员 译者 矿工 信使 使者
乐师 研究者 设计师 工程师 摄影师 志愿者 旅行者 管理员 建筑师 收藏家 历史学家
""")
_ZH_THINGS = _words("""
书信 地图 钟表 灯笼 石桥 木船 窗户 城墙 铁路 机器 相册 手稿 剪刀 雨伞 衣服 茶壶 瓷器 琴弦 画卷
家具 书架 账本 邮票 车票 门锁 钥匙 围巾 帐篷 梯子 水车 风筝 雕像 屋顶 台阶 栏杆 道路 井水 果树
稻田 麦穗 种子 花瓶 镜子 蜡烛 面包 茶叶 丝绸 药材 木料 砖瓦 齿轮 图纸 模型 报纸 杂志 字典 档案
照片 唱片 乐谱 颜料 画笔 信封 包裹 行李 渔网 船帆 罗盘 望远镜 收音机 显微镜 自行车 纺织机 日记本
""")
_ZH_PLACES = _words("""
海港 山谷 村庄 城市 学校 工厂 码头 车站 集市 庭院 花园 图书馆 博物馆 河岸 草原 沙漠 森林 湖边
岛屿 海岸 街道 广场 寺庙 剧院 医院 办公室 厨房 仓库 茶馆 书店 农场 果园 矿山 边境 高原 平原 小镇
老街 胡同 古城 渡口 驿站 灯塔 作坊 实验室 教室 宿舍 公园 市场 银行 邮局 牧场 峡谷 瀑布 运河 水库
港湾 山顶 工地 会场 展厅 走廊 阳台 地下室 火车站 飞机场 郊区 乡间
""")
_ZH_IDEAS = _words("""
经验 传统 制度 计划 观念 矛盾 目标 方法 责任 机会 困难 结果 习惯 理想 知识 文化 艺术 科学 技术
历史 记忆 情感 信任 耐心 勇气 智慧 友谊 自由 秩序 规则 合同 承诺 危机 变化 冲突 选择 判断 理由
证据 线索 秘密 传说 故事 梦想 希望 忧虑 误会 偏见 经济 贸易 教育 环境 气候 季节 节日 仪式 风俗
语言 文字 思想 精神 态度 兴趣 能力 品质 效率 成本 价值 意义 原因 影响 趋势 节奏 距离 压力 阻力
动力 成就 失败 教训 尝试 改革 争论 谈判 决定 政策 战略 原则 逻辑 想象力 好奇心 责任感 可能性
凝聚力
""")
_ZH_ACTS = _words("""
发现 整理 修理 保护 观察 描写 记录 搬运 收藏 寻找 打开 关闭 清洗 装饰 测量 研究 讨论 介绍 展示
购买 出售 借用 归还 检查 拆除 重建 设计 绘制 复制 翻译 保存 忽略 放弃 拒绝 接受 欣赏 怀念 赞美
批评 解释 模仿 改造 安装 调整 比较 挑选 准备 分发 包装 寄送 等待 拜访 离开 靠近 穿过 守护 照顾
考察 追寻 回忆 谈论 熟悉 学习 掌握 使用 触摸 收集 抢救 修复 登记 运送
""")
_ZH_EFFECTS = _words("""
影响 改变 推动 阻碍 决定 塑造 削弱 加强 促进 限制 揭示 掩盖 反映 丰富 破坏 维持 延长 缩短 超越
打破 挑战 支持 取代 补充 证明 否定 引导 激发 动摇 巩固 扩大 缩小 平衡 简化 消耗 创造 孕育 唤醒
延续 照亮 纠正 考验 带来 提升 降低 加深 化解 主导 伴随 吸引 困扰 鼓舞 触动 联系 滋养 检验
""")
_ZH_ADJECTIVES = _words("""
古老 安静 明亮 沉重 温暖 寒冷 陌生 熟悉 复杂 简单 珍贵 普通 遥远 漫长 短暂 细致 粗糙 坚固 脆弱
清晰 模糊 热闹 孤独 谨慎 大胆 勤劳 懒散 诚实 聪明 善良 严肃 活泼 优雅 朴素 华丽 破旧 崭新 宽阔
狭窄 陡峭 平坦 深刻 浅显 独特 常见 意外 必要 偶然 真实 虚假 稳定 混乱 缓慢 迅速 柔软 坚硬 潮湿
干燥 神秘 公开 重要 有趣 平静 激烈 微妙 持久 完整 残缺 丰富 贫乏 成熟 幼稚 温和 强烈 美丽 庄严
""")
_ZH_ADVERBS = _words("""
渐渐 慢慢 常常 偶尔 终于 忽然 始终 仍然 已经 曾经 悄悄 默默 反复 逐步 不断 立刻 早已 几乎 确实
果然 居然 竟然 往往 依旧 重新 共同 分别 亲自 主动 认真 仔细 耐心 热情 公开 秘密 迅速 轻轻 深深
稳稳 匆匆 似乎 大概 只好 不得不 越来越
""")
_ZH_TIMES = _words("""
清晨 傍晚 午后 深夜 春天 夏天 秋天 冬天 当时 后来 如今 去年 今天 往年 雨后 雪后 节前 战后 近来
平时 那一年 几天前 多年后 第二天 很久以前 黄昏时分 月光之下 丰收时节
""")
_ZH_LINKS = _words("""
但是 因此 同时 于是 而且 不过 然而 所以 并且 况且 此外 反而 接着 随后 甚至 其实 只是 可见
""")
_ZH_WITHIN = _words("""
里 中 上 旁 外 边
""")


def _by_size(words: list[str]) -> dict[int, list[str]]:
    sizes: dict[int, list[str]] = {}
    for word in words:
        sizes.setdefault(len(word), []).append(word)
    return sizes


# What may be added to a core clause, with its size in characters; "了" is the only single one.
_EXTRAS = {"了": 1, "adverb": 2, "time": 2, "subject": 3, "object": 3, "where": 4}
_FILLS: dict[int, list[tuple[str, ...]]] = {}
for _count in range(len(_EXTRAS) + 1):
    for _names in combinations(_EXTRAS, _count):
        _FILLS.setdefault(sum(_EXTRAS[n] for n in _names), []).append(_names)


class _Chinese:
    """Builds clauses of a given number of Han characters."""

    def __init__(self, rng: _Rng, topic: Sequence[str]) -> None:
        self._rng = rng
        self._topic = [w for w in topic if 2 <= len(w) <= 4 and all(map(is_han, w))]
        self._words = {
            id(words): _by_size(words)
            for words in (_ZH_PEOPLE, _ZH_THINGS, _ZH_PLACES, _ZH_IDEAS, _ZH_ADVERBS, _ZH_TIMES)
        }

    def sentence(self, size: int) -> str:
        """Build a sentence of exactly `size` Han characters, 1 or more."""
        clauses: list[str] = []
        while size > 0:
            part = size if size <= 15 else self._rng.randint(7, min(15, size - 6))
            clauses.append(self._clause(part, bool(clauses)))
            size -= part
        return "，".join(clauses) + "。"

    def heading(self) -> str:
        rng = self._rng
        noun = rng.choice(self._topic) if self._topic else rng.choice(_ZH_IDEAS)
        idea, place = rng.choice(_ZH_IDEAS), rng.choice(_ZH_PLACES)
        adjective = rng.choice(_ZH_ADJECTIVES)
        return rng.choice([f"{noun}的{idea}", f"{adjective}的{noun}", f"{noun}与{idea}",
                           f"{place}里的{noun}", f"从{noun}到{idea}"])  # fmt: skip

    def _clause(self, size: int, later: bool) -> str:
        rng = self._rng
        if size < 6:
            return self._tiny(size)
        lead = rng.choice(_ZH_LINKS) if later and size >= 9 and rng.random() < 0.4 else ""
        size -= len(lead)
        kinds = [("do", 6), ("act", 6), ("by", 7), ("make", 9), ("for", 10)]
        kind, base = rng.choice([k for k in kinds if k[1] <= size])
        longer = rng.randint(0, min(2, size - base))
        return lead + self._build(kind, size - base - longer, longer)

    def _build(self, kind: str, room: int, longer: int) -> str:
        """Fill a clause of a kind: `room` for extras, nouns `longer` than two characters each."""
        rng = self._rng
        extras = rng.choice(_FILLS[room])
        people = kind in ("act", "by")
        subject = self._noun(_ZH_PEOPLE if people else _ZH_IDEAS, 2 + longer // 2)
        target = self._noun(rng.choice([_ZH_THINGS, _ZH_IDEAS, _ZH_PLACES]), 2 + (longer + 1) // 2)
        subject = (rng.choice(_ZH_ADJECTIVES) + "的" if "subject" in extras else "") + subject
        target = (rng.choice(_ZH_ADJECTIVES) + "的" if "object" in extras else "") + target
        adverb = self._pick(_ZH_ADVERBS, 2) if "adverb" in extras else ""
        done = "了" if "了" in extras else ""
        start = self._pick(_ZH_TIMES, 2) if "time" in extras else ""
        if "where" in extras:
            start += "在" + self._pick(_ZH_PLACES, 2) + rng.choice(_ZH_WITHIN)
        verb = rng.choice(_ZH_ACTS if people else _ZH_EFFECTS)
        shapes = {
            "do": f"{start}{subject}{adverb}{verb}{done}{target}",
            "act": f"{start}{subject}{adverb}{verb}{done}{target}",
            "by": f"{start}{target}{adverb}被{subject}{verb}{done}",
            "make": f"{start}{subject}{adverb}让{target}变得{rng.choice(_ZH_ADJECTIVES)}{done}",
            "for": f"{start}对{subject}来说{target}{adverb}很{rng.choice(_ZH_ADJECTIVES)}{done}",
        }
        return shapes[kind]

    def _tiny(self, size: int) -> str:
        rng = self._rng
        adjective, noun = rng.choice(_ZH_ADJECTIVES), self._pick(_ZH_IDEAS, 2)
        options = ["", "好", adjective, "很" + adjective, noun + adjective, f"{noun}很{adjective}"]
        return options[size]

    def _noun(self, words: list[str], size: int) -> str:
        fitting = [w for w in self._topic if len(w) == size]
        if fitting and self._rng.random() < 0.12:
            return self._rng.choice(fitting)
        return self._pick(words, size)

    def _pick(self, words: list[str], size: int) -> str:
        return self._rng.choice(self._words[id(words)][size])
