using System.Text;
using Xunit;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>Tests that the tools use less memory than the size of a blob.</summary>
[Collection(nameof(NonParallel))]
public sealed class HugeBlobMemoryTests
{
    [Fact]
    public async Task Huge_blob_is_searched_with_little_memory()
    {
        const long Length = 128L * 1024 * 1024;
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line of a log that is far too long\n", 10_000)));
        var service = new FakeBlobService().Put("huge.log", new FakeBlob(lines, Length));
        long most = 0;
        service.OnDownload = count =>
        {
            // A measurement is slow and counts toward the timeout of the download, so only every eighth download is measured.
            if (count % 8 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }

            return Task.CompletedTask;
        };
        await using var server = await FileServer.StartAsync(service.Open(), ("TimeLimit", "00:10:00"));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var found = await server.AnswerAsync("search_files", new { query = "in no line at all", case_sensitive = true });

        Assert.Equal((1, 0), (found.GetProperty("files_searched").GetInt32(), found.GetProperty("files_skipped").GetInt32()));
        Assert.Equal(Length / (4 * 1024 * 1024), service.Downloads);
        Assert.True(most - before < 64 * 1024 * 1024, $"The search used {(most - before) / 1e6:0} MB more memory.");
    }

    [Fact]
    public async Task End_of_a_huge_line_is_read_with_little_memory()
    {
        const long Length = 128L * 1024 * 1024;
        var service = new FakeBlobService().Put("huge.json", new FakeBlob(Encoding.UTF8.GetBytes(new string('x', 100_000)), Length));
        long most = 0;
        service.OnDownload = count =>
        {
            if (count % 8 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }

            return Task.CompletedTask;
        };
        await using var server = await FileServer.StartAsync(service.Open(), ("TimeLimit", "00:10:00"));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var start = await server.AnswerAsync("read_file", new { path = "huge.json" });
        var downloadsOfStart = service.Downloads;
        var end = await server.AnswerAsync("read_file", new { path = "huge.json", column = Length - 9 });

        Assert.Equal((100_001, 1L), (start.GetProperty("next_column").GetInt32(), (long)downloadsOfStart));
        Assert.Equal("xxxxxxxxxx", end.GetProperty("content").GetString());
        Assert.False(end.TryGetProperty("next_offset", out _));
        Assert.True(most - before < 64 * 1024 * 1024, $"The call used {(most - before) / 1e6:0} MB more memory.");
    }
}
