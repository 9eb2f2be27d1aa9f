"""Tables of the output folder grow by groups of many batches, and hold every row."""

import pyarrow as pa
import pyarrow.parquet as pq

from traceeval.run import _output
from traceeval.run._output import _Table


def test_small_batches_are_put_together_and_no_row_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(_output, "_GROUP", 10 * 8)  # bytes of ten numbers
    schema = pa.schema([("n", pa.int64())])
    table = _Table(tmp_path / "t.parquet", schema)
    for start in range(0, 27, 3):
        table.write(pa.record_batch([pa.array(range(start, start + 3))], schema=schema))
    table.close()

    written = pq.ParquetFile(tmp_path / "t.parquet")
    groups = [written.metadata.row_group(at).num_rows for at in range(written.metadata.num_row_groups)]
    assert groups == [12, 12, 3]
    assert written.read().column("n").to_pylist() == list(range(27))
