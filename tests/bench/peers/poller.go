// A small feed poller as one would write it in an afternoon: gofeed, 16 goroutines, SQLite, conditional requests. It neither
// indexes nor matches anything; the benchmark's strongest peer.
//
//	poller URLS DATABASE
package main

import (
	"bufio"
	"database/sql"
	"log"
	"net/http"
	"os"
	"sync"

	_ "github.com/mattn/go-sqlite3"
	"github.com/mmcdole/gofeed"
)

const parallel = 16

type result struct {
	url, etag, modified string
	feed                *gofeed.Feed
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func fetch(client *http.Client, url, etag, modified string) (*result, error) {
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	if modified != "" {
		request.Header.Set("If-Modified-Since", modified)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotModified {
		return nil, nil
	}
	feed, err := gofeed.NewParser().Parse(response.Body)
	if err != nil {
		return nil, err
	}
	return &result{url, response.Header.Get("ETag"), response.Header.Get("Last-Modified"), feed}, nil
}

func store(db *sql.DB, r *result) {
	tx, err := db.Begin()
	must(err)
	insert, err := tx.Prepare("INSERT OR IGNORE INTO items VALUES(?, ?, ?, ?, ?, ?)")
	must(err)
	for _, i := range r.feed.Items {
		_, err = insert.Exec(r.url, i.GUID, i.Link, i.Title, i.Description, i.Published)
		must(err)
	}
	insert.Close()
	_, err = tx.Exec("INSERT OR REPLACE INTO feeds VALUES(?, ?, ?)", r.url, r.etag, r.modified)
	must(err)
	must(tx.Commit())
}

func main() {
	db, err := sql.Open("sqlite3", os.Args[2]+"?_journal_mode=WAL&_synchronous=NORMAL")
	must(err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("CREATE TABLE IF NOT EXISTS feeds(url TEXT PRIMARY KEY, etag TEXT, modified TEXT) WITHOUT ROWID;" +
		"CREATE TABLE IF NOT EXISTS items(url TEXT, guid TEXT, link TEXT, title TEXT, description TEXT, published TEXT, PRIMARY KEY(url, guid))")
	must(err)
	known := map[string][2]string{}
	rows, err := db.Query("SELECT url, etag, modified FROM feeds")
	must(err)
	for rows.Next() {
		var url, etag, modified string
		must(rows.Scan(&url, &etag, &modified))
		known[url] = [2]string{etag, modified}
	}
	rows.Close()

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: parallel}}
	urls, results := make(chan string), make(chan *result, parallel)
	var workers sync.WaitGroup
	for n := 0; n < parallel; n++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for url := range urls {
				r, err := fetch(client, url, known[url][0], known[url][1])
				if err != nil {
					log.Print(url, ": ", err)
				} else if r != nil {
					results <- r
				}
			}
		}()
	}
	go func() {
		file, err := os.Open(os.Args[1])
		must(err)
		for lines := bufio.NewScanner(file); lines.Scan(); {
			urls <- lines.Text()
		}
		close(urls)
		workers.Wait()
		close(results)
	}()
	for r := range results {
		store(db, r)
	}
}
