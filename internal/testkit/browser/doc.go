// Package browser holds the test of the pages in a real browser.
package browser
