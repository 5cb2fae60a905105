"""Samples of many signals as CSV, JSON or Parquet."""

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from examrunner.decode.samples import Stretch, number_text, stretches, time_text
from examrunner.model.timeline import Series

CSV_HEADER = ("time_s", "signal", "value", "unit")


def write_csv(series: Sequence[Series], file: BinaryIO) -> None:
    """``time_s,signal,value,unit``, a row for each sample, texts instead of choices."""
    file.write((",".join(CSV_HEADER) + "\n").encode())
    names = [_csv_cell(each.name) for each in series]
    units = [_csv_cell(each.unit) for each in series]
    for stretch in stretches(series):
        texts = [_csv_cell(text) for text in _value_texts(series, stretch)]
        lines = [
            f"{time_text(t_ns)},{names[signal]},{text},{units[signal]}\n"
            for t_ns, signal, text in zip(
                stretch.t_ns.tolist(), stretch.signal.tolist(), texts, strict=True
            )
        ]
        file.write("".join(lines).encode())


def _csv_cell(text: str) -> str:
    if text.isalnum():
        return text
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([text])
    return "" if text == "" else buffer.getvalue()


def _value_texts(series: Sequence[Series], stretch: Stretch) -> list[str]:
    texts = []
    for signal, value, raw in _rows(stretch):
        each = series[signal]
        choice = each.choices.get(raw)
        texts.append(number_text(value, each.step) if choice is None else choice)
    return texts


def _rows(stretch: Stretch) -> "zip[tuple[int, float, int]]":
    return zip(
        stretch.signal.tolist(),
        stretch.values.tolist(),
        stretch.raw.tolist(),
        strict=True,
    )


def write_json(series: Sequence[Series], file: BinaryIO) -> None:
    """One document: ``samples``, each with the columns of the CSV file.

    A number that JSON cannot hold is null.
    """
    file.write(b'{"samples": [')
    separator = "\n"
    for stretch in stretches(series):
        for t_ns, row in zip(stretch.t_ns.tolist(), _rows(stretch), strict=True):
            file.write((separator + _json_row(series, t_ns, row)).encode())
            separator = ",\n"
    file.write(b"\n]}\n")


def _json_row(series: Sequence[Series], t_ns: int, row: tuple[int, float, int]) -> str:
    signal, value, raw = row
    each = series[signal]
    if (choice := each.choices.get(raw)) is not None:
        text = json.dumps(choice, ensure_ascii=False)
    else:
        text = number_text(value, each.step) if math.isfinite(value) else "null"
    name = json.dumps(each.name, ensure_ascii=False)
    unit = json.dumps(each.unit, ensure_ascii=False)
    return (
        f'{{"time_s": {time_text(t_ns)}, "signal": {name}, "value": {text}, '
        f'"unit": {unit}}}'
    )


PARQUET_SCHEMA = pa.schema(
    [
        ("time_s", pa.float64()),
        ("signal", pa.dictionary(pa.int32(), pa.string())),
        ("value", pa.float64()),
        ("text", pa.string()),
        ("unit", pa.dictionary(pa.int32(), pa.string())),
    ]
)


def write_parquet(series: Sequence[Series], file: BinaryIO) -> None:
    """The columns of the CSV file; ``value`` is a number, ``text`` that of a choice."""
    names = _strings([each.name for each in series])
    units = _strings([each.unit for each in series])
    with pq.ParquetWriter(file, PARQUET_SCHEMA, compression="zstd") as writer:
        for stretch in stretches(series):
            signal = _column(stretch.signal, pa.int32())
            texts = [series[s].choices.get(raw) for s, _, raw in _rows(stretch)]
            columns = [
                _column(stretch.t_ns / 1e9, pa.float64()),
                pa.DictionaryArray.from_arrays(signal, names),
                _column(stretch.values, pa.float64()),
                _strings(texts),
                pa.DictionaryArray.from_arrays(signal, units),
            ]
            writer.write_batch(pa.record_batch(columns, schema=PARQUET_SCHEMA))


def _column(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Through its buffer: handing pyarrow the array itself would import pandas."""
    buffer = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [None, buffer])


def _strings(texts: Sequence[str | None]) -> pa.Array:
    """Likewise, of texts; None is a null."""
    encoded = [b"" if text is None else text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    is_there = np.array([text is not None for text in texts], bool)
    buffers = [
        pa.py_buffer(np.packbits(is_there, bitorder="little")),
        pa.py_buffer(ends),
        pa.py_buffer(b"".join(encoded)),
    ]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)
