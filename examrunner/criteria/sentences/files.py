"""What can be wrong with a file that a candidate hands in."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "file.not_text": Text(zh="它不是文本文件", en="it is not a text file"),
    "file.json": Text(zh="它不是有效的 JSON", en="it is not valid JSON"),
    "file.deep": Text(zh="嵌套过深", en="it is nested too deeply"),
    "file.doctype": Text(
        zh="它声明了文档类型或实体", en="it declares a document type or entities"
    ),
    "file.xml": Text(zh="它不是有效的 XML", en="it is not valid XML"),
    "file.after_bracket": Text(
        zh="右括号后面还有内容", en="something follows a closing bracket"
    ),
    "file.deep_brackets": Text(zh="括号嵌套过深", en="brackets are nested too deeply"),
    "file.no_value": Text(
        zh="括号之间缺少数值", en="a value is missing between brackets"
    ),
    "file.empty": Text(zh="文件是空的", en="the file is empty"),
    "file.indent": Text(zh="缩进不正确", en="the indentation does not fit"),
    "file.tab": Text(
        zh="该行用制表符缩进，YAML 要求用空格",
        en="a tab indents this line; YAML wants spaces",
    ),
    "file.open_bracket": Text(
        zh="此处的括号没有闭合", en="a bracket opened here is never closed"
    ),
    "file.deep_file": Text(zh="文件嵌套过深", en="the file is nested too deeply"),
    "file.pair": Text(zh="此处应为“键: 值”", en="'key: value' is expected here"),
    "file.twice": Text(zh="“{what}”出现了两次", en="'{what}' is given twice"),
    "file.letter": Text(
        zh="括号之间应有“{what}”", en="'{what}' is expected between brackets"
    ),
    "file.kind": Text(
        zh="这里不读取“{what}”类的值", en="'{what}' values are not read here"
    ),
    "file.two_cameras": Text(zh="它描述了两台相机", en="it describes two cameras"),
    "file.matrix_form": Text(
        zh="相机矩阵不是 fx 0 cx, 0 fy cy, 0 0 1 的形式",
        en="its camera matrix has not the form fx 0 cx, 0 fy cy, 0 0 1",
    ),
    "file.prism": Text(
        zh="它使用了任务不要求的薄棱镜或倾斜项",
        en="it uses thin-prism or tilt terms, which no task asks for",
    ),
    "file.impossible_size": Text(
        zh="图像尺寸不可能", en="its image size is impossible"
    ),
    "file.no_size": Text(
        zh="没有说明适用的图像尺寸", en="it does not say which image size it holds for"
    ),
    "file.matrix_size": Text(
        zh="相机矩阵有 {count} 个数", en="its camera matrix has {count} numbers"
    ),
    "file.coefficients": Text(
        zh="有 {count} 个畸变系数", en="it has {count} distortion coefficients"
    ),
    "file.distortion_model": Text(
        zh="这里不认识畸变模型“{what}”",
        en="its distortion model '{what}' is not known here",
    ),
    "file.no_entry": Text(zh="没有 {what}", en="it has no {what}"),
    "file.no_numbers": Text(
        zh="{what} 不全是数字", en="its {what} holds something else than numbers"
    ),
    "file.not_finite": Text(
        zh="{what} 含有非有限数", en="its {what} holds numbers that are not finite"
    ),
    "file.large": Text(
        zh="“{name}”有 {bytes} byte，标定文件只有几千",
        en="{name} has {bytes} bytes; a calibration has some thousand",
    ),
    "file.unreadable": Text(
        zh="“{name}”无法读取：{problem}", en="{name} cannot be read: {problem}"
    ),
    "file.no_calibration": Text(
        zh="“{name}”不是可用的标定：{problem}",
        en="{name} is no usable calibration: {problem}",
    ),
    "file.damaged": Text(zh="上传的文件已损坏", en="the upload is damaged"),
    "file.large_pose": Text(
        zh="“{name}”有 {bytes} byte，位姿文件只有几百",
        en="{name} has {bytes} bytes; a pose has some hundred",
    ),
    "file.no_pose": Text(
        zh="“{name}”不是可用的位姿：{problem}", en="{name} is no usable pose: {problem}"
    ),
    "file.translation": Text(
        zh="没有 3 个数的平移量", en="it has no translation of 3 numbers"
    ),
    "file.last_row": Text(
        zh="矩阵最后一行不是 0 0 0 1", en="the last row of its matrix is not 0 0 0 1"
    ),
    "file.vector_size": Text(
        zh="旋转向量有 {count} 个数", en="its rotation vector has {count} numbers"
    ),
    "file.no_rotation": Text(
        zh="既没有 rotation_vector 也没有 rotation_matrix",
        en="it has neither rotation_vector nor rotation_matrix",
    ),
    "file.rotation_size": Text(
        zh="旋转矩阵有 {count} 个数", en="its rotation matrix has {count} numbers"
    ),
    "file.no_rotation_matrix": Text(
        zh="旋转矩阵无效：各行不是标准正交的",
        en="its rotation matrix is none: rows are not orthonormal",
    ),
    "file.unit": Text(
        zh="单位“{what}”不是 mm 或 m", en="its unit '{what}' is not mm or m"
    ),
    "file.no_number": Text(zh="{what} 中没有数字", en="{what} holds no number"),
}
