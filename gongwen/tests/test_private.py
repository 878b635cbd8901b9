"""What a public copy must not show, and what it must leave alone."""

import pytest

from gongwen.private import is_contact_line, masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("请拨打13812345678联系", "请拨打138****5678联系"),
        ("手机：138-1234-5678。", "手机：138-****-5678。"),
        ("手机 138 1234 5678", "手机 138 **** 5678"),
        ("电话１３８１２３４５６７８", "电话１３８****５６７８"),
        ("+8613812345678", "+8************"),
        ("身份证号430611198001011234", "身份证号4*****************"),
        ("身份证：43061119800101123X，", "身份证：4*****************，"),
        ("430611 19800101 1234", "4***** ******** ****"),
        ("账号6222021234567890123", "账号6******************"),
        ("账号6222 0212 3456 7890 123", "账号6*** **** **** **** ***"),
        ("邮箱zhang.san@example.com", "邮箱z********************"),
        ("联系人：李四，0730-8171234", "联系人：李四，0***-*******"),
        ("联系电话：（0730）8171234", "联系电话：（0***）*******"),
        ("微信：zhangsan88", "微信：z*********"),
        ("QQ：123456789", "QQ：1********"),
    ],
)
def test_numbers_of_persons_are_covered(said, shown):
    assert masked(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "投入资金13800000000元",
        "2021年5月25日，君民提〔2021〕3号",
        "拨打12345热线或0730-8171234监督电话",
        "全区面积1234567.89平方米，人口18612345678人",
        "增长13.8%，达到1381234万元",
        "第51号提案，一、二、三",
    ],
)
def test_figures_of_a_letter_stay(said):
    assert masked(said) == said


def test_contact_lines_are_told_from_sentences():
    assert is_contact_line("联系人：张三，电话13812345678")
    assert is_contact_line("承办人及联系电话：李四 8171234")
    assert is_contact_line("承办负责人：王五")
    assert not is_contact_line("联系人制度已经建立。下一步，我局将继续推进。")
    assert not is_contact_line("我局与您取得联系，电话沟通两次。")
