// Package duckdbtest runs plans on DuckDB. It stands by itself so that only its tests link the engine.
package duckdbtest
