using System.Text;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Testing.Files;

/// <summary>Tests the behavior of every file store.</summary>
public abstract class FileStoreContract
{
    private static readonly string[] s_paths =
    [
        "a-b.txt", "a.txt", "a/x.txt", "a/y/z.txt", "a0", "b/.hidden", "b/node_modules/m.js", "Z",
        "ä/ö.txt", "ä/\uFB01.txt", "ä/\U0001F600/z.txt", "e/empty",
    ];

    private protected abstract Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_walk_finds_every_file_once_in_ordinal_order_of_paths()
    {
        var store = await FilledAsync();

        var found = await PathsOf(store.WalkAsync(FilePath.Root, null, _ => true, Token));

        Assert.Equal(s_paths.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task Walk_can_resume_after_any_file_and_between_files()
    {
        var store = await FilledAsync();
        string[] all = [.. s_paths.Order(StringComparer.Ordinal)];
        foreach (var after in (string[])[.. all, "", "a", "a/", "a/w", "a/y", "b/zzz", "zzz"])
        {
            var found = await PathsOf(store.WalkAsync(FilePath.Root, after, _ => true, Token));

            Assert.Equal(all.Where(path => string.CompareOrdinal(path, after) > 0), found);
        }
    }

    [Fact]
    public async Task Walk_does_not_enter_excluded_directories()
    {
        var store = await FilledAsync();
        var asked = new List<string>();

        var found = await PathsOf(store.WalkAsync(FilePath.Root, null, directory =>
        {
            asked.Add(directory.Value);
            return directory.Name is not ("node_modules" or "a");
        }, Token));

        Assert.DoesNotContain(found, path => path.Contains("node_modules") || path.StartsWith("a/"));
        Assert.Contains("b/.hidden", found);
        Assert.DoesNotContain("a/y", asked);
    }

    [Fact]
    public async Task Walk_of_a_directory_finds_only_the_files_below_it()
    {
        var store = await FilledAsync();

        Assert.Equal(["a/x.txt", "a/y/z.txt"], await PathsOf(store.WalkAsync(Path("a"), null, _ => true, Token)));
    }

    [Fact]
    public async Task A_listing_shows_one_level_with_hidden_names_in_the_order_of_the_walk()
    {
        var store = await FilledAsync();

        var entries = await store.ListAsync(FilePath.Root, null, Token).ToListAsync(Token);

        Assert.Equal(["Z", "a-b.txt", "a.txt", "a/", "a0", "b/", "e/", "ä/"], entries.Select(entry => entry.Position));
        Assert.Equal(
            [".hidden", "node_modules/"],
            await store.ListAsync(Path("b"), null, Token).Select(entry => entry.Position[2..]).ToListAsync(Token));
        Assert.Equal(
            ["a/", "a0", "b/", "e/", "ä/"],
            await store.ListAsync(FilePath.Root, "a.txt", Token).Select(entry => entry.Position).ToListAsync(Token));
        Assert.Equal(
            ["a0", "b/", "e/", "ä/"],
            await store.ListAsync(FilePath.Root, "a/", Token).Select(entry => entry.Position).ToListAsync(Token));
    }

    [Fact]
    public async Task File_has_a_length_a_date_and_an_etag_in_every_result()
    {
        var store = await FilledAsync();

        var file = await store.GetAsync(Path("a.txt"), Token);
        var listed = await store.ListAsync(FilePath.Root, "a-b.txt", Token).FirstAsync(Token);
        var walked = await store.WalkAsync(FilePath.Root, "a-b.txt", _ => true, Token).FirstAsync(Token);
        await using var opened = await store.OpenAsync(Path("a.txt"), 0, Token);

        Assert.Equal((FileKind.File, "a.txt".Length), (file.Kind, file.Length));
        Assert.NotNull(file.LastModified);
        Assert.NotEmpty(file.ETag!);
        Assert.All([listed, walked, opened.Entry], entry => Assert.Equal(file, entry));
    }

    [Fact]
    public async Task Different_content_has_a_different_etag()
    {
        var before = await CreateAsync(new Dictionary<string, byte[]> { ["f"] = [1] });
        var after = await CreateAsync(new Dictionary<string, byte[]> { ["f"] = [1, 2] });

        Assert.NotEqual((await before.GetAsync(Path("f"), Token)).ETag, (await after.GetAsync(Path("f"), Token)).ETag);
    }

    [Theory]
    [InlineData(0, "a/x.txt")]
    [InlineData(2, "x.txt")]
    [InlineData(7, "")]
    [InlineData(1000, "")]
    public async Task File_is_read_from_an_offset(long offset, string expected)
    {
        var store = await FilledAsync();

        await using var content = await store.OpenAsync(Path("a/x.txt"), offset, Token);
        using var reader = new StreamReader(content.Stream);

        Assert.Equal(expected, await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Empty_file_has_no_content()
    {
        var store = await FilledAsync();

        await using var content = await store.OpenAsync(Path("e/empty"), 0, Token);

        Assert.Equal(0, content.Entry.Length);
        Assert.Equal(-1, content.Stream.ReadByte());
    }

    [Fact]
    public async Task Missing_paths_and_wrong_types_get_different_errors()
    {
        var store = await FilledAsync();

        Assert.Equal(FileProblem.NotFound, await ProblemOf(() => store.GetAsync(Path("nope"), Token).AsTask()));
        Assert.Equal(FileProblem.NotFound, await ProblemOf(() => store.GetAsync(Path("a.txt/below"), Token).AsTask()));
        Assert.Equal(FileProblem.NotFound, await ProblemOf(() => store.OpenAsync(Path("a/nope"), 0, Token).AsTask()));
        Assert.Equal(FileProblem.IsDirectory, await ProblemOf(() => store.OpenAsync(Path("a"), 0, Token).AsTask()));
        Assert.Equal(FileProblem.IsDirectory, await ProblemOf(() => store.OpenAsync(FilePath.Root, 0, Token).AsTask()));
        Assert.Equal(FileProblem.IsFile, await ProblemOf(() => store.ListAsync(Path("a.txt"), null, Token).ToListAsync(Token).AsTask()));
        Assert.Equal(
            FileProblem.NotFound, await ProblemOf(() => store.WalkAsync(Path("nope"), null, _ => true, Token).ToListAsync(Token).AsTask()));
    }

    [Fact]
    public async Task A_cancelled_walk_stops()
    {
        var store = await FilledAsync();
        using var stop = new CancellationTokenSource();
        var found = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in store.WalkAsync(FilePath.Root, null, _ => true, stop.Token))
            {
                found++;
                await stop.CancelAsync();
            }
        });

        Assert.Equal(1, found);
    }

    private protected static FilePath Path(string path) =>
        FilePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem);

    private protected static async Task<FileProblem> ProblemOf(Func<Task> action) =>
        (await Assert.ThrowsAsync<FileProblemException>(action)).Problem;

    private static ValueTask<List<string>> PathsOf(IAsyncEnumerable<FileEntry> entries) =>
        entries.Select(entry => entry.Path.Value).ToListAsync(Token);

    private Task<IFileStore> FilledAsync() =>
        CreateAsync(s_paths.ToDictionary(path => path, path => path == "e/empty" ? [] : Encoding.UTF8.GetBytes(path)));
}
