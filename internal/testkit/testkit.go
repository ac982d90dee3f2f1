// Package testkit boots the real server for tests, benchmarks and the replay of recordings: on DuckDB or PostgreSQL,
// with the demo or with recorded fixtures. Nothing of the product imports it.
package testkit
