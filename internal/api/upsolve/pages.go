package upsolve

import (
	"context"
	"io"
	"net/http"

	"inlay/internal/access"
	"inlay/internal/api"
)

const noPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not available</title></head>
<body><main><h1>Not available</h1><p>This server embeds dashboards. Chats and applications are not part of it.</p></main></body></html>
`

// unbuiltPage answers, for people, the addresses of what isn't here. The address may hold a token.
func unbuiltPage(context.Context, access.Principal, struct{}) (api.Raw, error) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'",
		} {
			w.Header().Set(name, value)
		}
		w.WriteHeader(http.StatusNotImplemented)
		_, _ = io.WriteString(w, noPage) // the reader may be gone
	}, nil
}
