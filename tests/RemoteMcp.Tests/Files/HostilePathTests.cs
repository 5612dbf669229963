using ModelContextProtocol;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Provides a server whose shared folder is next to a secret file.</summary>
public sealed class ServerNextToSecret : IAsyncLifetime
{
    private readonly TempFolder _parent = new TempFolder()
        .Write("outside.txt", Secret)
        .Write("shared/file.txt", "inside")
        .Write("shared/sub/file.txt", "inside");

    public const string Secret = "The-secret-outside";

    internal ToolServer Server { get; private set; } = null!;

    public string Parent => _parent.Root;

    public string Expand(string path) => path.Replace("{root}", _parent.FullPath("shared")).Replace("{parent}", _parent.Root);

    public async ValueTask InitializeAsync() => Server = await FileServer.StartAsync(_parent.FullPath("shared"));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _parent.Dispose();
    }
}

/// <summary>Tests that no path leads out of the shared folder, and that each error says what to do.</summary>
public sealed class HostilePathTests(ServerNextToSecret fixture) : IClassFixture<ServerNextToSecret>
{
    public static TheoryData<string> Paths => HostilePaths.All;

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_hostile_path_is_refused_by_every_tool(string path)
    {
        var expanded = fixture.Expand(path);
        string[] refusals =
        [
            await fixture.Server.RefusalAsync("read_file", new { path = expanded }),
            await fixture.Server.RefusalAsync("list_directory", new { path = expanded }),
            await fixture.Server.RefusalAsync("list_directory", new { path = expanded, recursive = true }),
            await fixture.Server.RefusalAsync("search_files", new { query = "secret", path = expanded }),
        ];

        Assert.All(refusals, refusal =>
        {
            Assert.StartsWith("path: ", refusal);
            Assert.DoesNotContain(ServerNextToSecret.Secret, refusal);
            Assert.DoesNotContain(refusal, c => char.IsControl(c));
            Assert.True(path.Contains('{') || !refusal.Contains(fixture.Parent), refusal);
            Assert.InRange(refusal.Length, 10, 1500);
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_hostile_path_is_refused_as_a_resource(string path)
    {
        var expanded = fixture.Expand(path);
        string[] uris = ["file:///" + expanded, "file:///" + Uri.EscapeDataString(expanded), "file://" + expanded];
        foreach (var uri in uris)
        {
            var refusal = await Assert.ThrowsAsync<McpProtocolException>(
                () => fixture.Server.Client.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken).AsTask());

            Assert.Equal(McpErrorCode.InvalidParams, refusal.ErrorCode);
            Assert.DoesNotContain(ServerNextToSecret.Secret, refusal.Message);
        }
    }

    [Theory]
    [InlineData("path", "C:/x", "drive letter")]
    [InlineData("path", "../x", "'..'")]
    [InlineData("path", "/x", "absolute")]
    [InlineData("path", "a\\b", "separator is '/'")]
    [InlineData("path", "a\u202Eb", "U+202E")]
    [InlineData("path", "%2e%2e/x", "taken literally")]
    [InlineData("path", "a//b", "'//'")]
    public async Task Refused_path_gets_the_reason_and_the_valid_form(string parameter, string path, string reason)
    {
        var refusal = await fixture.Server.RefusalAsync("read_file", new { path });

        Assert.StartsWith(parameter, refusal);
        Assert.Contains(reason, refusal);
        Assert.Contains("relative to the shared folder", refusal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(".", "")]
    [InlineData("./", "")]
    [InlineData("./a/./b/", "a/b")]
    [InlineData("a b/ü.txt", "a b/ü.txt")]
    [InlineData("@scope%2fname", "@scope%2fname")]
    [InlineData("100%/50%2525", "100%/50%2525")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("x/a:b", "x/a:b")]
    public void Harmless_path_is_accepted(string? spelling, string expected)
    {
        Assert.True(FilePath.TryParse(spelling, out var path, out var problem), problem);
        Assert.Equal(expected, path.Value);
    }

    [Fact]
    public void Path_with_half_a_surrogate_pair_is_refused()
    {
        // These strings are not inline data, because attributes cannot contain unpaired surrogates.
        foreach (var path in (string[])["a\uD800b", "\uDC00", "\uD800\uD800", "%2e\uD800"])
        {
            Assert.False(FilePath.TryParse(path, out _, out var problem));
            Assert.Contains("surrogate", problem);
        }
    }

    [Fact]
    public async Task Shared_folder_can_be_listed_but_its_location_is_not_exposed()
    {
        var listing = await fixture.Server.AnswerAsync("list_directory", new { path = "." });
        var missing = await fixture.Server.CallAsync(
            "read_file", new { path = "nope.txt" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(".", listing.GetProperty("path").GetString());
        Assert.DoesNotContain(fixture.Parent, ToolServer.TextOf(missing) + listing.GetRawText());
    }
}
