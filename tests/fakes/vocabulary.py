"""Knows the words that the fake's prose is made of, and those too plain to be a topic."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


PEOPLE = _words("""
archivist baker beekeeper bookseller builder captain carpenter cartographer chemist clerk
cobbler collector composer courier critic dancer designer diplomat doctor driver editor engineer
explorer farmer ferryman forester gardener geologist glazier grocer guardian historian hunter
inspector inventor janitor jeweller joiner journalist keeper lawyer lecturer librarian linguist
locksmith mason mechanic merchant miller miner musician neighbour novelist nurse painter
physicist pilot planner plumber poet porter potter printer refugee sailor scholar sculptor
shepherd singer smuggler soldier stranger student surgeon surveyor tailor teacher tourist trader
translator traveller tutor visitor voter watchman weaver welder widow
""")
THINGS = _words("""
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
PLACES = _words("""
academy airport alley avenue barn bakery bank basement bay beach border cafe campus canal canyon
castle cathedral cave chapel cinema city clinic coast college colony corridor courtyard delta
desert district dock estuary factory farm field forest fortress frontier gallery garden glacier
harbour highway hill hospital hostel island junction kitchen laboratory lagoon lake library
lighthouse market meadow mill monastery mountain museum office outpost palace park peninsula
pier plain plateau playground port prairie quarry quay reef reservoir ridge river school
shipyard shore square stadium station street studio suburb summit tavern temple terrace theatre
town valley village vineyard warehouse waterfall wharf workshop
""")
IDEAS = _words("""
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
MASS = _words("""
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
ACTS = _words("""
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
EFFECTS = _words("""
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
ADJECTIVES = _words("""
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
ADVERBS = _words("""
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
DEGREES = _words("""
almost barely deeply entirely equally especially exceptionally fairly hardly increasingly merely
mildly oddly particularly quite rather remarkably slightly strangely strikingly surprisingly
terribly truly unusually utterly very wonderfully
""")
DETERMINERS = _words("""
the the the this that every each another one its their our his her some any
""")
MANY = _words("""
the these those many several few most two three seven countless other such some
""")
PREPOSITIONS = _words("""
above across after against along among around before behind beneath beside beyond by despite
during from inside near opposite outside past through toward under within without
""")
LINKS = _words("""
while because although until whenever before after since unless once wherever though where
whereas
""")
ADDITIONS = ["and", "but", "yet", "so", "for", "or"]
OPENERS = _words("""
Eventually Meanwhile Nevertheless Therefore Moreover Instead Afterwards Sometimes Occasionally
Perhaps Later Today Again Still Soon Often Thus However Besides Indeed Elsewhere Yesterday
Somehow
""")
SEEMED = _words("""
seemed remained became felt looked appeared grew stayed sounded proved
""")

ZH_PEOPLE = _words("""
工匠 画家 船长 农民 医生 教师 学者 商人 记者 诗人 木匠 渔夫 学生 邻居 旅客 士兵 律师 厨师 司机
护士 园丁 歌手 裁缝 猎人 牧民 作家 导演 编辑 店主 村民 居民 读者 观众 专家 青年 老人 孩子 母亲
父亲 祖父 姐姐 弟弟 朋友 同事 客人 主人 市民 工人 队长 校长 院长 馆长 船员 译者 矿工 信使 使者
乐师 研究者 设计师 工程师 摄影师 志愿者 旅行者 管理员 建筑师 收藏家 历史学家
""")
ZH_THINGS = _words("""
书信 地图 钟表 灯笼 石桥 木船 窗户 城墙 铁路 机器 相册 手稿 剪刀 雨伞 衣服 茶壶 瓷器 琴弦 画卷
家具 书架 账本 邮票 车票 门锁 钥匙 围巾 帐篷 梯子 水车 风筝 雕像 屋顶 台阶 栏杆 道路 井水 果树
稻田 麦穗 种子 花瓶 镜子 蜡烛 面包 茶叶 丝绸 药材 木料 砖瓦 齿轮 图纸 模型 报纸 杂志 字典 档案
照片 唱片 乐谱 颜料 画笔 信封 包裹 行李 渔网 船帆 罗盘 望远镜 收音机 显微镜 自行车 纺织机 日记本
""")
ZH_PLACES = _words("""
海港 山谷 村庄 城市 学校 工厂 码头 车站 集市 庭院 花园 图书馆 博物馆 河岸 草原 沙漠 森林 湖边
岛屿 海岸 街道 广场 寺庙 剧院 医院 办公室 厨房 仓库 茶馆 书店 农场 果园 矿山 边境 高原 平原 小镇
老街 胡同 古城 渡口 驿站 灯塔 作坊 实验室 教室 宿舍 公园 市场 银行 邮局 牧场 峡谷 瀑布 运河 水库
港湾 山顶 工地 会场 展厅 走廊 阳台 地下室 火车站 飞机场 郊区 乡间
""")
ZH_IDEAS = _words("""
经验 传统 制度 计划 观念 矛盾 目标 方法 责任 机会 困难 结果 习惯 理想 知识 文化 艺术 科学 技术
历史 记忆 情感 信任 耐心 勇气 智慧 友谊 自由 秩序 规则 合同 承诺 危机 变化 冲突 选择 判断 理由
证据 线索 秘密 传说 故事 梦想 希望 忧虑 误会 偏见 经济 贸易 教育 环境 气候 季节 节日 仪式 风俗
语言 文字 思想 精神 态度 兴趣 能力 品质 效率 成本 价值 意义 原因 影响 趋势 节奏 距离 压力 阻力
动力 成就 失败 教训 尝试 改革 争论 谈判 决定 政策 战略 原则 逻辑 想象力 好奇心 责任感 可能性
凝聚力
""")
ZH_ACTS = _words("""
发现 整理 修理 保护 观察 描写 记录 搬运 收藏 寻找 打开 关闭 清洗 装饰 测量 研究 讨论 介绍 展示
购买 出售 借用 归还 检查 拆除 重建 设计 绘制 复制 翻译 保存 忽略 放弃 拒绝 接受 欣赏 怀念 赞美
批评 解释 模仿 改造 安装 调整 比较 挑选 准备 分发 包装 寄送 等待 拜访 离开 靠近 穿过 守护 照顾
考察 追寻 回忆 谈论 熟悉 学习 掌握 使用 触摸 收集 抢救 修复 登记 运送
""")
ZH_EFFECTS = _words("""
影响 改变 推动 阻碍 决定 塑造 削弱 加强 促进 限制 揭示 掩盖 反映 丰富 破坏 维持 延长 缩短 超越
打破 挑战 支持 取代 补充 证明 否定 引导 激发 动摇 巩固 扩大 缩小 平衡 简化 消耗 创造 孕育 唤醒
延续 照亮 纠正 考验 带来 提升 降低 加深 化解 主导 伴随 吸引 困扰 鼓舞 触动 联系 滋养 检验
""")
ZH_ADJECTIVES = _words("""
古老 安静 明亮 沉重 温暖 寒冷 陌生 熟悉 复杂 简单 珍贵 普通 遥远 漫长 短暂 细致 粗糙 坚固 脆弱
清晰 模糊 热闹 孤独 谨慎 大胆 勤劳 懒散 诚实 聪明 善良 严肃 活泼 优雅 朴素 华丽 破旧 崭新 宽阔
狭窄 陡峭 平坦 深刻 浅显 独特 常见 意外 必要 偶然 真实 虚假 稳定 混乱 缓慢 迅速 柔软 坚硬 潮湿
干燥 神秘 公开 重要 有趣 平静 激烈 微妙 持久 完整 残缺 丰富 贫乏 成熟 幼稚 温和 强烈 美丽 庄严
""")
ZH_ADVERBS = _words("""
渐渐 慢慢 常常 偶尔 终于 忽然 始终 仍然 已经 曾经 悄悄 默默 反复 逐步 不断 立刻 早已 几乎 确实
果然 居然 竟然 往往 依旧 重新 共同 分别 亲自 主动 认真 仔细 耐心 热情 公开 秘密 迅速 轻轻 深深
稳稳 匆匆 似乎 大概 只好 不得不 越来越
""")
ZH_TIMES = _words("""
清晨 傍晚 午后 深夜 春天 夏天 秋天 冬天 当时 后来 如今 去年 今天 往年 雨后 雪后 节前 战后 近来
平时 那一年 几天前 多年后 第二天 很久以前 黄昏时分 月光之下 丰收时节
""")
ZH_LINKS = _words("""
但是 因此 同时 于是 而且 不过 然而 所以 并且 况且 此外 反而 接着 随后 甚至 其实 只是 可见
""")
ZH_WITHIN = _words("""
里 中 上 旁 外 边
""")

PLAIN = frozenset(
    _words("""
about above after before below between chapter characters chinese could each english exactly
following from give have heading headings here language length line lines main more must next
only outline part parts point points reader report return section sections should story that
text than their them then there these they this those title until what when which will with
word words write written writing your json please plan total
""")
)
"""English words of requests that no text is about."""
