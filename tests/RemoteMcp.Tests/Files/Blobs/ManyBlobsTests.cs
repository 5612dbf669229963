using System.Text;
using Xunit;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>Tests a container with many blobs and one with a huge blob.</summary>
public sealed class ManyBlobsTests
{
    private const int Blobs = 10_000;
    private const int Parallelism = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_of_10_000_blobs_finds_the_same_as_a_search_of_10_000_files()
    {
        var service = new FakeBlobService();
        var files = new MemoryFileStore();
        for (var i = 0; i < Blobs; i++)
        {
            var name = $"{i % 5}/part {i % 9}/{i:D5}.txt";
            var text = $"line one\nline two of {i}\n{(i % 500 == 0 ? "the needle" : "hay")}\n";
            service.Put(name, text);
            files.Write(name, text);
        }

        // The first four downloads wait for each other, so the test passes only if they run at the same time.
        var four = new TaskCompletionSource();
        service.OnDownload = count =>
        {
            if (count >= Parallelism)
            {
                four.TrySetResult();
            }

            return four.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        };
        await using var blobs = await FileServer.StartAsync(
            service.Open(), ("Parallelism", $"{Parallelism}"), ("TimeLimit", "00:10:00"));
        await using var memory = await FileServer.StartAsync(files, ("TimeLimit", "00:10:00"));

        var found = await blobs.AnswerAsync("search_files", new { query = "needle" });

        Assert.Equal((await memory.AnswerAsync("search_files", new { query = "needle" })).GetRawText(), found.GetRawText());
        Assert.Equal((Blobs, Blobs / 500), (found.GetProperty("files_searched").GetInt32(), found.GetProperty("matches").GetArrayLength()));
        Assert.Equal((Parallelism, Blobs), (service.MaxConcurrentDownloads, service.Downloads));
        Assert.Equal(1 + 5 + 5 * 9, service.Listings);
    }

    [Fact]
    public async Task First_lines_of_a_huge_blob_need_one_range_and_last_lines_need_a_few()
    {
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("123456789\n", 100_000)));
        var service = new FakeBlobService().Put("huge.log", new FakeBlob(lines, 8L * 1024 * 1024 * 1024 - 2));
        await using var server = await FileServer.StartAsync(service.Open());

        var first = await server.AnswerAsync("read_file", new { path = "huge.log", offset = 1000, limit = 2 });
        var forFirst = service.Requests;
        var last = await server.AnswerAsync("read_file", new { path = "huge.log", offset = -1 });

        Assert.Equal("123456789\n123456789\n", first.GetProperty("content").GetString());
        Assert.Equal("123456789\n", last.GetProperty("content").GetString());
        Assert.Equal((1, 3), (forFirst, service.Requests));
    }
}
