using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>
/// Tests names that an attacker with write access to the container can choose. The store excludes names that are not valid paths, and no
/// other names.
/// </summary>
public sealed class HostileBlobNameTests
{
    private static readonly string s_longest = string.Concat(Enumerable.Repeat("d/", 500)) + new string('f', 24);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> LeftOut { get; } =
    [
        "../x", "../../etc/passwd", "a/../../x", "a/..", "./x", "a/./x", "/x", "//server/share", "a//b", "//",
        "back\\slash", "..\\x", "a\\..\\..\\x", "C:\\x", "C:x", "C:/x", "http://host/x",
        "line\nbreak", "return\r", "tab\t", "nul\0l", "bell\u0007", "escape\u001B[31m", "c1\u0085",
        "right\u202Eto-left.txt", "mark\u200F", "isolate\u2066x\u2069",
        "arabic\u061C", "bom\uFEFF", "separator\u2028", "lost\uFFFD", "none\uFFFE",
        "%2e%2e/x", "%2e%2e%2fx", "a/%252e%252e%252fx", "\uFF0E\uFF0E\uFF0Fx", "\u2025/x", "... /x", "..", ". ",
        s_longest + "g", new string('a', 1025),
    ];

    public static TheoryData<string> Kept { get; } =
    [
        " space ", "100%", "@scope%2fname", "ab:c", "emoji 👩‍💻", "u\u0308", "-rf", "#hash?query&x=1",
        "{brace}", "'quote\"", "<b>&amp;</b>", "tilde~", "CON", "trailing.", "$root", "a+b=c;d",
        "ﬁ ligature \uFB01", "עברית", "عربي", "日本語", s_longest, new string('a', 1024),
    ];

    [Theory]
    [MemberData(nameof(LeftOut))]
    public async Task Only_names_that_are_not_valid_paths_are_omitted(string name)
    {
        var service = new FakeBlobService().Put(name, "hidden needle").Put("fine.txt", "a needle").Put("z/fine.txt", "a needle");
        await using var server = await FileServer.StartAsync(service.Open());

        var listed = (await server.AnswerAsync("list_directory", new { recursive = true, exclude_pattern = "" })).GetRawText();
        var found = await server.AnswerAsync("search_files", new { query = "needle", exclude_pattern = "" });

        Assert.Equal(["fine.txt", "z/fine.txt"], await PathsAsync(service));
        Assert.Equal(
            ["fine.txt", "z/fine.txt"],
            found.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("path").GetString()));
        Assert.DoesNotContain("hidden", listed + found.GetRawText());
        Assert.StartsWith("path: ", await server.RefusalAsync("read_file", new { path = name }));
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task An_odd_but_harmless_name_is_read_as_it_is(string name)
    {
        var service = new FakeBlobService().Put(name, name);
        await using var server = await FileServer.StartAsync(service.Open());

        Assert.Equal([name], await PathsAsync(service));
        Assert.Equal(name, (await server.AnswerAsync("read_file", new { path = name })).GetProperty("content").GetString());
    }

    [Fact]
    public async Task Name_that_is_too_long_below_the_shared_folder_is_not_requested()
    {
        var service = new FakeBlobService();
        var store = service.Open(Path("docs"));

        var problem = await Assert.ThrowsAsync<FileProblemException>(() => store.OpenAsync(Path(new string('a', 1020)), 0, Token).AsTask());

        Assert.Equal((FileProblem.NotFound, 0), (problem.Problem, service.Requests));
    }

    [Fact]
    public async Task Blob_that_marks_a_folder_is_listed_as_the_folder()
    {
        var service = new FakeBlobService()
            .Put("slash/", "").Put("slash/x", "x").Put("empty-slash/", "")
            .Put("lake", new FakeBlob([]) { IsFolder = true }).Put("lake/x", "x").Put("empty-lake", new FakeBlob([]) { IsFolder = true });
        var store = service.Open();

        var listed = await store.ListAsync(FilePath.Root, null, Token).Select(entry => entry.Position).ToArrayAsync(Token);

        Assert.Equal(["empty-lake/", "empty-slash/", "lake/", "slash/"], listed);
        Assert.Equal(["lake/x", "slash/x"], await PathsAsync(service));
        foreach (var folder in listed)
        {
            Assert.Equal(FileKind.Directory, (await store.GetAsync(Path(folder), Token)).Kind);
            Assert.InRange(await store.ListAsync(Path(folder), null, Token).CountAsync(Token), 0, 1);
            Assert.Equal(
                FileProblem.IsDirectory,
                (await Assert.ThrowsAsync<FileProblemException>(() => store.OpenAsync(Path(folder), 0, Token).AsTask())).Problem);
        }
    }

    [Fact]
    public async Task Blob_and_folder_with_the_same_name_can_both_be_used()
    {
        var service = new FakeBlobService().Put("a", "the needle of the blob").Put("a/b", "the needle below").Put("a-b", "x");
        await using var server = await FileServer.StartAsync(service.Open());

        var root = await server.AnswerAsync("list_directory", new { });
        var folder = await server.AnswerAsync("list_directory", new { path = "a" });
        var all = await server.AnswerAsync("search_files", new { query = "needle" });
        var one = await server.AnswerAsync("search_files", new { query = "needle", path = "a" });

        Assert.Equal(
            [("a", "file"), ("a-b", "file"), ("a", "directory")],
            root.GetProperty("entries")
                .EnumerateArray()
                .Select(entry => (entry.GetProperty("path").GetString(), entry.GetProperty("type").GetString())));
        Assert.Equal("a/b", folder.GetProperty("entries")[0].GetProperty("path").GetString());
        Assert.Equal(
            "the needle of the blob", (await server.AnswerAsync("read_file", new { path = "a" })).GetProperty("content").GetString());
        Assert.Equal(["a", "a/b"], all.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("path").GetString()));
        Assert.Equal(["a"], one.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("path").GetString()));
    }

    private static FilePath Path(string path) =>
        FilePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem);

    private static ValueTask<string[]> PathsAsync(FakeBlobService service) =>
        service.Open().WalkAsync(FilePath.Root, null, _ => true, Token).Select(entry => entry.Path.Value).ToArrayAsync(Token);
}
