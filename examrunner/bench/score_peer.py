"""cantools decoding frames one by one, as its users do."""

from functools import cache
from typing import Any

import numpy as np

DBC = """VERSION ""
NS_ :
BS_:
BU_: A
BO_ 256 M: 8 A
 SG_ Crc : 0|8@1+ (1,0) [0|255] "" A
 SG_ Cnt : 8|4@1+ (1,0) [0|15] "" A
 SG_ Level : 16|16@1- (0.1,0) [-3276|3276] "" A
 SG_ State : 32|8@1+ (1,0) [0|255] "" A
 SG_ Command : 40|16@1- (0.1,0) [-3276|3276] "" A
"""


def decode_slice(data: np.ndarray[Any, np.dtype[np.uint8]]) -> int:
    """Decode every row of payloads; the number of signals found."""
    message = _message()
    return sum(len(message.decode(row.tobytes())) for row in data)


@cache
def _message() -> Any:
    import cantools

    return cantools.database.load_string(DBC, "dbc").get_message_by_name("M")
