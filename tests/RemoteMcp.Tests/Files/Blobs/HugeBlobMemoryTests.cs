using System.Text;
using Xunit;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>Tests that a search uses less memory than the size of a blob.</summary>
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
}
