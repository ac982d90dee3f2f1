// Package contract holds the test of the native API against the documented one.
package contract
