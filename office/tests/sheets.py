"""What the forms of the tests are filled with: one context for each template of templates/forms/."""

import datetime as dt
from typing import Any

D = dt.date
CASE: dict[str, Any] = {
    "assembly": "中国人民政治协商会议岳阳市君山区委员会",
    "link": "/cases/51/",
    "session": "五届五次会议",
    "number": 51,
    "name": "推进协商民主，优化基层自治",
    "category": "社会建设",
    "proposers": ["区政协社会法制和民族宗教委员会"],
    "part": "主办",
    "assigned_on": D(2026, 1, 20),
    "due_on": D(2026, 6, 20),
    "by": "君山区人民政府督查室",
    "by_contact": "0730-0000200",
}
PARAGRAPH = "近年来，我区部分村（居）探索协商议事，群众参与的渠道不断拓宽，但协商主体、内容、程序尚不规范。"
LONG = "\n".join(f"第{n}段：{PARAGRAPH * 3}" for n in range(1, 21))

PROPOSAL = {
    "period": "会间",
    "filed_how": "专门委员会",
    "proposers": [
        {
            "name": "区政协社会法制和民族宗教委员会",
            "sector": "",
            "contact": "岳小舟",
            "phone": "0730-0000101",
            "address": "君山区政府大楼三楼",
        }
    ],
    "cosigners": ["张三", "李四", "王五"],
    "background": "近年来，我区一些村（居）探索协商议事。\n取得了初步成效。",
    "analysis": "认识不一，制度不全。",
    "suggestions": ["强化协商意识，从基层做起", "建立议事会制度，每季度召开一次"],
    "suggested_bureaus": ["区民政局"],
    "consents": True,
    "submitted_on": D(2026, 1, 12),
    "attachments": ["调研报告.docx"],
    "opinions": [
        {
            "is_first": True,
            "text": "内容具体，建议可行，拟予立案。",
            "who": "周审",
            "on": D(2026, 1, 13),
        },
        {"is_first": False, "text": "同意立案。", "who": "吴审", "on": D(2026, 1, 14)},
    ],
    "assignments": [
        {"bureau": "君山区民政局", "part": "主办"},
        {"bureau": "君山区财政局", "part": "会办"},
    ],
    "is_key": True,
    "merged": [12, 15],
}
ASSIGNMENT = {
    "to": "君山区民政局",
    "lead": "君山区民政局",
    "helpers": ["君山区财政局"],
    "decline_until": D(2026, 2, 3),
    "is_helper": False,
    "note": "请与提案者当面沟通。",
    "is_key": True,
    "leader": "区政协副主席",
    "signed_in": None,
}
HANDLING = {
    "submitted_on": D(2026, 1, 12),
    "filed_on": D(2026, 1, 14),
    "assignments": [
        {
            "bureau": "君山区民政局",
            "part": "主办",
            "assigned_on": D(2026, 1, 20),
            "signed_in_on": D(2026, 1, 21),
            "due_on": D(2026, 6, 20),
            "state": "已签收",
        }
    ],
    "steps": [
        {
            "at": dt.datetime(2026, 1, 12, 9, n),
            "who": "社法民宗委 · 提案联络员 岳小舟",
            "text": f"第{n + 1}步",
            "note": "请补充时间安排。" * (n % 9),
        }
        for n in range(30)
    ],
    "printed_on": D(2026, 5, 1),
}
OPINION = {
    "bureau": "君山区财政局",
    "document_number": "君财会办〔2026〕3号",
    "to": "君山区民政局",
    "place": "区政协",
    "body": "一、关于经费保障。同意列入预算，每村每年5000元。\n二、关于监督。建议一并监督。",
    "signed_by": "钱进",
    "dated": D(2026, 2, 10),
    "contact": "孙会",
    "phone": "0730-0000300",
    "copies": ["区政协提案委员会", "区政府督查室"],
    "is_draft": False,
}
DECLINE = {
    "bureau": "君山区财政局",
    "asked_on": D(2026, 1, 25),
    "until": D(2026, 2, 3),
    "reason": "该提案涉及村级民主协商，属区民政局职责。",
    "suggested": "君山区民政局",
    "asked_by": "孙会",
    "phone": "0730-0000300",
    "decision": {
        "kind": "reassign",
        "bureau": "君山区民政局",
        "text": "已与区民政局协商。",
        "who": "洪湖生",
        "on": D(2026, 2, 10),
    },
}
EXTENSION = DECLINE | {"bureau": "君山区民政局", "asked_until": D(2026, 7, 20), "decision": None}
CHASE = {
    "to": "君山区民政局",
    "days_late": 3,
    "days_left": 0,
    "times": 2,
    "text": "请抓紧办理，于三日内书面报告进展。",
    "chased_on": D(2026, 6, 23),
}


def choice(text: str, *labels: str) -> dict[str, object]:
    return {"text": text, "options": [{"label": label} for label in labels]}


QUESTIONNAIRE = {
    "to": "区政协社会法制和民族宗教委员会",
    "bureau": "君山区民政局",
    "document_number": "君民复字〔2026〕6号",
    "replied_on": D(2026, 5, 25),
    "answer_until": D(2026, 6, 15),
    "questions": [
        choice("办理态度", "满意", "基本满意", "不满意"),
        choice("办理结果", "满意", "基本满意", "不满意"),
        choice("承办单位是否走访或与您沟通", "已走访或沟通", "本人不需要", "未走访或沟通"),
        choice("答复是否针对提案", "是", "部分", "否"),
    ],
    "texts": [{"text": "意见和建议"}],
    "verdicts": [{"label": label} for label in ("满意", "基本满意", "不满意")],
    "remarks": "",
    "return_to": "区政协提案委员会（君山区政府大楼三楼，电话0730-0000100）",
    "answered_by": "",
    "answered_on": None,
}
CATALOGUE = {
    "number": None,
    "link": "",
    "listed_on": D(2026, 5, 1),
    "rows": [
        {
            "number": n,
            "name": f"关于第{n}件事的建议",
            "proposers": "区政协社会法制和民族宗教委员会",
            "category": "社会建设",
            "lead": "君山区民政局",
            "helpers": "君山区财政局" if n % 4 == 0 else "",
            "state": "办理中",
        }
        for n in range(1, 41)
    ],
    "counts": [{"label": "立案", "n": 40}],
}

SHEETS: dict[str, dict[str, Any]] = {
    "proposal": CASE | PROPOSAL,
    "assignment": CASE | ASSIGNMENT,
    "handling": CASE | HANDLING,
    "opinion": CASE | OPINION,
    "decline": CASE | DECLINE,
    "extension": CASE | EXTENSION,
    "chase": CASE | CHASE,
    "questionnaire": CASE | QUESTIONNAIRE,
    "catalogue": CASE | CATALOGUE,
}
