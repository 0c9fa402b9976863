package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
)

// countLines counts lines and bytes of a plain or gzipped stream in constant memory. A last line without a newline
// counts.
func countLines(source io.Reader) (lines, size int64, err error) {
	buffered := bufio.NewReader(source)
	var text io.Reader = buffered
	// Told by content, not by name: producers name gzip as they like.
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if text, err = gzip.NewReader(buffered); err != nil {
			return 0, 0, err
		}
	}
	chunk := make([]byte, 64*1024)
	last := byte('\n')
	for {
		n, err := text.Read(chunk)
		if n > 0 {
			lines += int64(bytes.Count(chunk[:n], []byte{'\n'}))
			size += int64(n)
			last = chunk[n-1]
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if last != '\n' {
		lines++
	}
	return lines, size, nil
}
