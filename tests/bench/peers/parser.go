// gofeed over the files that the standard input names, one a line; prints the CPU seconds that parsing took.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"syscall"

	"github.com/mmcdole/gofeed"
)

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func main() {
	var docs [][]byte
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		if data, err := os.ReadFile(names.Text()); err == nil {
			docs = append(docs, data)
		}
	}
	parser := gofeed.NewParser()
	from := cpu()
	for _, data := range docs {
		parser.Parse(bytes.NewReader(data))
	}
	fmt.Println(cpu() - from)
}
