using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests the files that <c>read_file</c> refuses, and its errors.</summary>
public sealed class ReadFileRefusalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_binary_file_is_refused_with_the_resource_to_attach_instead()
    {
        _folder.Write("dir/a picture.png", [0x89, 0x50, 0x4E, 0x47, 0, 1, 2]);
        await using var server = await FileServer.StartAsync(_folder.Root);

        var refusal = await server.RefusalAsync("read_file", new { path = "dir/a picture.png" });
        var end = await server.RefusalAsync("read_file", new { path = "dir/a picture.png", offset = -1 });

        Assert.Contains("7 bytes of image/png", refusal);
        Assert.Contains("file:///dir/a%20picture.png", refusal);
        Assert.Equal(refusal, end);
    }

    [Fact]
    public async Task A_large_binary_file_is_refused_at_its_end_too()
    {
        _folder.Write("big.bin", new byte[500_000]);
        await using var server = await FileServer.StartAsync(_folder.Root);

        Assert.Contains("not a text file", await server.RefusalAsync("read_file", new { path = "big.bin", offset = -5 }));
    }

    [Fact]
    public async Task Directory_and_line_zero_are_refused_with_the_remedy()
    {
        _folder.Write("dir/f.txt", "x");
        await using var server = await FileServer.StartAsync(_folder.Root);

        Assert.Contains("Use list_directory", await server.RefusalAsync("read_file", new { path = "dir" }));
        Assert.Contains("The first line is 1", await server.RefusalAsync("read_file", new { path = "dir/f.txt", offset = 0 }));
        Assert.Contains(
            "last line of 'dir/f.txt', which is 1", await server.RefusalAsync("read_file", new { path = "dir/f.txt", offset = 2 }));
    }

    public void Dispose() => _folder.Dispose();
}
