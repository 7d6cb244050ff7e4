"""Single lines that spoil a document, by language."""

CLAUSES = {
    "en": ("Indeed, ", ", as everybody there will tell you."),
    "zh": ("其实", "，人人都这么说。"),
}

PLAIN = {
    "en": (
        "The people of the town were pleased with the new arrangement and said so often.",
        "It is important to remember that every single detail matters in the long run.",
        "They went on with their work, and the work went on with them as before.",
    ),
    "zh": (
        "镇上的人们对新的安排感到十分满意，并且经常这样说。",
        "我们必须记住，从长远来看，每一个细节都非常重要。",
        "他们继续做自己的事情，事情也像从前一样继续下去。",
    ),
}

FOREIGN = {
    "en": (
        "港口总是比小镇先醒来，海鸥为昨夜的残羹争吵，第一批渔船已经绕过防波堤，船灯还亮着，"
        "而镇上的人们都还在沉沉地睡着。",
        "Le matin, les pêcheurs réparent leurs filets devant la petite église, pendant que les "
        "enfants courent sur la jetée et que les vieilles femmes parlent du temps qu'il fera.",
        "Am Morgen flicken die Fischer ihre Netze vor der kleinen Kirche, während die Kinder über "
        "die Mole laufen und die alten Frauen über das Wetter der nächsten Tage sprechen.",
    ),
    "zh": (
        "In the morning the fishermen mend their nets in front of the little church, while the "
        "children run along the pier and the old women talk about the weather of the coming days.",
        "Le matin, les pêcheurs réparent leurs filets devant la petite église, pendant que les "
        "enfants courent sur la jetée et que les vieilles femmes parlent du temps qu'il fera.",
        "朝になると、漁師たちは小さな教会の前で網を直し、子どもたちは桟橋の上を走り回り、"
        "おばあさんたちはこれからの天気について話している。",
    ),
}

LEAKS = {
    "en": (
        ("first", "Sure, here is the revised article you asked for:"),
        ("first", "<think>The user wants a lively text, so I will begin with a scene.</think>"),
        ("inside", "[Insert a photograph of the place here]"),
        ("inside", "[Rest of the section unchanged]"),
        ("inside", "As an AI language model, I have never been there myself."),
        ("inside", "Word count: 412"),
        ("inside", "Main point: why the place matters to those who live there"),
        ("last", "Let me know if you'd like me to change the tone."),
        ("last", "I hope this helps! Feel free to ask for changes."),
        ("last", "(To be continued)"),
    ),
    "zh": (
        ("first", "好的，以下是为您撰写的文章："),
        ("first", "<think>用户想要一篇生动的文章，先写一个场景。</think>"),
        ("inside", "【此处插入照片】"),
        ("inside", "作为一个人工智能助手，我没有去过那里。"),
        ("inside", "本节要点：这个地方为什么重要"),
        ("inside", "（字数：412）"),
        ("last", "希望这篇文章对您有帮助！"),
        ("last", "如果您需要修改，请随时告诉我。"),
        ("last", "（未完待续）"),
    ),
}

REQUIRED = {
    "en": ("the treaty of 1713", "Professor Abernathy", "a recipe for damson jam"),
    "zh": ("一七一三年的条约", "欧阳教授", "梅子酱的做法"),
}

REFUSALS = {
    "en": (
        "I'm sorry, but I can't help with that request.",
        "I cannot continue writing this section, as it goes against content guidelines.",
        "I apologize, but I am unable to fulfill this request.",
        "Sorry, I can't assist you with this kind of content.",
    ),
    "zh": (
        "抱歉，我无法完成您的请求。",
        "很抱歉，我不能继续提供这类内容。",
        "对不起，我无法满足您的要求。",
        "我无法协助您完成这个请求。",
    ),
}

CONCLUSIONS = {
    "en": (
        "In conclusion, the story shows how much may depend on a few patient people.",
        "To sum up, what counts is patience, and nothing else will do.",
        "All in all, it has been a long way from there to here.",
    ),
    "zh": (
        "总之，这件事说明了耐心有多么重要。",
        "综上所述，几个有耐心的人就能改变许多事情。",
        "总而言之，从那时到现在走过了很长的路。",
    ),
}
