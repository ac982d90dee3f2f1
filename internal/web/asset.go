package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// asset is one file of the build, ready to be sent: it is small and never changes while the process runs.
type asset struct {
	plain, zipped []byte
	mediaType     string
	tag           string
	immutable     bool
}

// loadAssets reads every file that is not a document. A file that can't be read is left out; the build is inside the
// binary, so that can only be an empty one.
func loadAssets(files fs.FS) map[string]*asset {
	assets := map[string]*asset{}
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".html") || strings.HasPrefix(name, ".") {
			return nil
		}
		if body, err := fs.ReadFile(files, name); err == nil {
			assets["/"+name] = newAsset(name, body)
		}
		return nil
	})
	return assets
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	a := &asset{
		plain:     body,
		mediaType: mediaType(name),
		tag:       `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		immutable: strings.HasPrefix(name, "assets/"), // the build puts a hash of the content into these names
	}
	if zipped := zip(body); len(zipped) < len(body) {
		a.zipped = zipped
	}
	return a
}

// mediaType does not ask the machine's own table for the types we ship, so that every installation answers the same.
func mediaType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		if known := mime.TypeByExtension(ext); known != "" {
			return known
		}
		return "application/octet-stream"
	}
}

func zip(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return body
	}
	if _, err = w.Write(body); err != nil || w.Close() != nil {
		return body
	}
	return out.Bytes()
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", a.tag)
	h.Set("Cache-Control", "no-cache")
	if a.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), a.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.zipped != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who went away is no error of ours
	}
}

func acceptsGzip(header string) bool {
	for _, coding := range strings.Split(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.ReplaceAll(strings.TrimSpace(weight), " ", "") != "q=0"
		}
	}
	return false
}
