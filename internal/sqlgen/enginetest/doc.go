// Package enginetest runs plans on the engines that `make test-engines` starts. It stands by itself so that only its
// tests link their clients.
package enginetest
