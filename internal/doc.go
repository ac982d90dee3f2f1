// Package internal is the whole of the server; nothing but the test of its map lies at this level.
package internal
