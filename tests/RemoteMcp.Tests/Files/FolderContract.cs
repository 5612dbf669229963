using System.Diagnostics;
using System.Net.Sockets;
using RemoteMcp.Testing.Files;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Runs the contract with a local folder, and tests that no path leads out of the folder.</summary>
public abstract class FolderContract : FileStoreContract, IDisposable
{
    private readonly TempFolder _outside = new TempFolder().Write("secret.txt", "secret").Write("dir/secret.txt", "secret");
    private readonly List<TempFolder> _folders = [];

    private protected abstract LocalFolder Open(string root);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected override Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var folder = NewFolder();
        foreach ((var path, var content) in files)
        {
            folder.Write(path, content);
        }

        return Task.FromResult(StoreOf(folder));
    }

    [Theory]
    [InlineData("link-to-file", "{outside}/secret.txt", "link-to-file")]
    [InlineData("link-to-dir", "{outside}", "link-to-dir/secret.txt")]
    [InlineData("link-to-dir", "{outside}", "link-to-dir/dir/secret.txt")]
    [InlineData("up", "..", "up")]
    [InlineData("deep/up", "../..", "deep/up/x")]
    [InlineData("relative", "../{outside-name}/secret.txt", "relative")]
    [InlineData("wavy", "sub/../../{outside-name}/secret.txt", "wavy")]
    [InlineData("root", "/", "root/etc/passwd")]
    [InlineData("self", "/proc/self/root", "self/etc/passwd")]
    [InlineData("loop", "loop", "loop")]
    [InlineData("absolute-inside", "{root}/sub/file.txt", "absolute-inside")]
    public async Task Link_that_leads_out_of_the_folder_is_refused_for_every_operation(string link, string target, string path)
    {
        var folder = NewFolder().Write("sub/file.txt", "inside");
        folder.Link(
            link,
            target.Replace("{outside}", _outside.Root)
                .Replace("{outside-name}", System.IO.Path.GetFileName(_outside.Root))
                .Replace("{root}", folder.Root));
        var store = StoreOf(folder);

        Assert.Equal(FileProblem.LeavesRoot, await ProblemOf(() => store.OpenAsync(Path(path), 0, Token).AsTask()));
        Assert.Equal(FileProblem.LeavesRoot, await ProblemOf(() => store.GetAsync(Path(path), Token).AsTask()));
        Assert.Equal(FileProblem.LeavesRoot, await ProblemOf(() => store.ListAsync(Path(path), null, Token).ToListAsync(Token).AsTask()));
        Assert.Equal(
            FileProblem.LeavesRoot, await ProblemOf(() => store.WalkAsync(Path(path), null, _ => true, Token).ToListAsync(Token).AsTask()));
    }

    [Theory]
    [InlineData("link.txt", "sub/file.txt", "link.txt")]
    [InlineData("sub/deep/link.txt", "../file.txt", "sub/deep/link.txt")]
    [InlineData("dir", "sub", "dir/file.txt")]
    [InlineData("sub/back", "..", "sub/back/sub/file.txt")]
    public async Task Relative_link_that_stays_inside_is_followed_in_a_path(string link, string target, string path)
    {
        var folder = NewFolder().Write("sub/file.txt", "inside").Link(link, target);

        await using var content = await StoreOf(folder).OpenAsync(Path(path), 0, Token);

        Assert.Equal("inside", await new StreamReader(content.Stream).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Links_are_listed_but_not_followed_so_that_loops_end()
    {
        var folder = NewFolder().Write("d/file.txt", "x").Link("d/loop", "..").Link("out", _outside.Root).Link("broken", "nowhere");
        var store = StoreOf(folder);

        var listed = await store.ListAsync(FilePath.Root, null, Token).ToListAsync(Token);
        var walked = await store.WalkAsync(FilePath.Root, null, _ => true, Token).ToListAsync(Token);

        Assert.Equal(
            [("broken", FileKind.Link), ("d", FileKind.Directory), ("out", FileKind.Link)],
            listed.Select(entry => (entry.Path.Value, entry.Kind)));
        Assert.Equal(["d/file.txt"], walked.Select(entry => entry.Path.Value));
        Assert.Equal(FileProblem.NotFound, await ProblemOf(() => store.GetAsync(Path("broken"), Token).AsTask()));
    }

    [Fact]
    public async Task A_pipe_and_a_socket_never_block()
    {
        var folder = NewFolder().Write("file", "x");
        using var mkfifo = Process.Start("mkfifo", folder.FullPath("pipe"));
        await mkfifo.WaitForExitAsync(Token);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.FullPath("socket")));
        var store = StoreOf(folder);

        Assert.Contains(
            "file", await store.WalkAsync(FilePath.Root, null, _ => true, Token).Select(entry => entry.Path.Value).ToListAsync(Token));
        foreach (var path in (string[])["pipe", "socket"])
        {
            await AssertNothingIsReadAsync(store, path);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("zero")]
    [InlineData("random")]
    [InlineData("tty")]
    public Task A_device_is_never_read(string device) => AssertNothingIsReadAsync(new LocalFileStore(Open("/dev")), device);

    [Fact]
    public async Task Names_that_callers_cannot_pass_back_are_omitted()
    {
        var folder = NewFolder().Write("fine.txt", "x");
        foreach (var name in (string[])["back\\slash", "line\nbreak", "right\u202Eto-left", "%2e%2e", "... ", "C:drive"])
        {
            folder.Write(name, "x");
        }

        Assert.Equal(
            ["fine.txt"], await StoreOf(folder).ListAsync(FilePath.Root, null, Token).Select(entry => entry.Path.Value).ToListAsync(Token));
    }

    [Fact]
    public async Task Odd_but_harmless_names_are_read_as_they_are()
    {
        string[] names =
        [
            " space ", "100%", "@scope%2fname", "a:b", "emoji 👩‍💻", "ü", "u\u0308", "tilde~", "-rf", "#hash", "{brace}",
            "'quote\"", "…",
        ];
        var folder = NewFolder();
        foreach (var name in names)
        {
            folder.Write("d/" + name, name);
        }

        var store = StoreOf(folder);

        Assert.Equal(names.Length, await store.ListAsync(Path("d"), null, Token).CountAsync(Token));
        foreach (var name in names)
        {
            await using var content = await store.OpenAsync(Path("d/" + name), 0, Token);
            Assert.Equal(name, await new StreamReader(content.Stream).ReadToEndAsync(Token));
        }
    }

    [Fact]
    public async Task Root_that_is_a_link_does_not_allow_paths_outside_its_target()
    {
        // An operator can share a folder through a link. Paths must then stay inside the target of the link.
        var folder = NewFolder().Write("real/file.txt", "x").Write("real-but-longer/secret.txt", "secret").Link("shared", "real");
        var store = new LocalFileStore(Open(folder.FullPath("shared")));
        File.CreateSymbolicLink(folder.FullPath("real/out"), "../real-but-longer/secret.txt");

        Assert.Equal("file.txt", (await store.WalkAsync(FilePath.Root, null, _ => true, Token).SingleAsync(Token)).Path.Value);
        Assert.Equal(FileProblem.LeavesRoot, await ProblemOf(() => store.OpenAsync(Path("out"), 0, Token).AsTask()));
    }

    private protected virtual async Task AssertNothingIsReadAsync(IFileStore store, string path)
    {
        try
        {
            await using var content = await store.OpenAsync(Path(path), 0, Token);
            Assert.Equal(-1, content.Stream.ReadByte());
        }
        catch (FileProblemException exception)
        {
            Assert.Equal(FileProblem.NotRegular, exception.Problem);
        }
    }

    private protected IFileStore StoreOf(TempFolder folder) => new LocalFileStore(Open(folder.Root));

    private protected TempFolder NewFolder()
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        return folder;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folders.ForEach(folder => folder.Dispose());
        _outside.Dispose();
    }
}
