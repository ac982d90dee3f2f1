package semantic

import (
	"strings"
	"testing"
)

// One line a dialect and type: engine's names, parted by commas outside of parentheses written as semicolons.
const typeCases = `
postgres number: integer; bigint; numeric; double precision; real; money; int4; smallserial; NUMERIC
postgres date: date
postgres timestamp: timestamp; timestamptz; timestamp without time zone; time without time zone; time; timetz
postgres boolean: boolean; bool
postgres string: int; timestamp with time zone; text; jsonb; ARRAY; integer[]; numeric(10,2); uuid; USER-DEFINED
redshift number: integer; float8
bigquery number: INTEGER; INT64; FLOAT64; BIGNUMERIC; BYTES; NUMERIC(10, 2)
bigquery timestamp: TIMESTAMP; DATETIME; TIME
bigquery string: STRING; RECORD; ARRAY<INT64>; GEOGRAPHY
snowflake number: NUMBER; NUMBER(38,0); FLOAT8; FIXED; DOUBLE
snowflake timestamp: TIMESTAMP_NTZ(9); TIMESTAMP_TZ; TIME; DATETIME
snowflake boolean: BOOLEAN
snowflake string: VARCHAR(10); VARIANT; OBJECT; TEXT
databricks number: INT; DECIMAL(10,2); LONG; TINYINT; decimal(10,2)
databricks timestamp: TIMESTAMP; TIMESTAMP_NTZ
databricks string: BYTE; INTERVAL; STRING; ARRAY<INT>
trino number: bigint; decimal(10,2); double
trino timestamp: timestamp(3); timestamp(6) with time zone; timestamp with time zone
trino string: varchar(10); row(a integer); array(integer); json
duckdb number: BIGINT; DECIMAL(18,3); HUGEINT; UTINYINT; DOUBLE
duckdb date: DATE
duckdb timestamp: TIMESTAMP; TIMESTAMP WITH TIME ZONE; TIMESTAMP_NS; TIME
duckdb boolean: BOOLEAN
duckdb string: VARCHAR; INTEGER[]; DECIMAL(18,3)[]; STRUCT(a INTEGER); JSON; UUID; ENUM('a')
clickhouse number: UInt64; Nullable(Float64); LowCardinality(Nullable(Int8)); Decimal(10, 2)
clickhouse date: Date; Date32; Nullable(Date)
clickhouse timestamp: DateTime; DateTime64(3, 'UTC'); Nullable(DateTime)
clickhouse boolean: Bool
clickhouse string: String; Array(Int8); LowCardinality(String); Map(String, Int8)
mysql number: int(11); bigint unsigned; decimal(10,2); tinyint(4)
mysql timestamp: datetime(6); timestamp
mysql boolean: tinyint(1)
mysql string: varchar(10); json; enum('int')
starrocks number: LARGEINT
nothing string: integer
`

func TestTypesOfEngines(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(typeCases)) {
		head, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		dialect, want, _ := strings.Cut(head, " ")
		for name := range strings.SplitSeq(list, "; ") {
			if got := TypeOf(dialect, name); string(got) != want {
				t.Errorf("%s %s is a %s, not a %s", dialect, name, got, want)
			}
		}
	}
}
