using System.Net;
using System.Text;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>
/// Tests that the error for a failed storage says what to do, and that the number of requests to the storage is limited.
/// </summary>
public sealed class BlobFailureTests
{
    private const int Tries = 4;

    private readonly FakeBlobService _service = new FakeBlobService().Put("a.txt", "a needle").Put("b/c.txt", "a needle");

    public static TheoryData<string, object> Calls { get; } = new()
    {
        { "list_directory", new { } },
        { "list_directory", new { recursive = true } },
        { "list_directory", new { path = "b" } },
        { "read_file", new { path = "a.txt" } },
        { "search_files", new { query = "needle" } },
        { "search_files", new { query = "needle", path = "a.txt" } },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Refused_access_is_reported_with_the_missing_role(string tool, object arguments)
    {
        FailEvery(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch");
        await using var server = await FileServer.StartAsync(_service.Open());

        var told = await server.RefusalAsync(tool, arguments);

        Assert.Contains("'Storage Blob Data Reader'", told);
        Assert.Contains("403 AuthorizationPermissionMismatch", told);
        AssertPlainError(told, mostRequests: 1);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Missing_container_is_reported_with_the_setting(string tool, object arguments)
    {
        FailEvery(HttpStatusCode.NotFound, "ContainerNotFound");
        await using var server = await FileServer.StartAsync(_service.Open());

        var told = await server.RefusalAsync(tool, arguments);

        Assert.Contains("container of the shared folder does not exist", told);
        Assert.Contains("RemoteMcp:Files:Container", told);
        AssertPlainError(told, mostRequests: 1);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Long_delay_of_the_storage_is_reported_without_waiting(string tool, object arguments)
    {
        FailEvery(HttpStatusCode.ServiceUnavailable, "ServerBusy", retryAfter: 60);
        await using var server = await FileServer.StartAsync(_service.Open());

        var told = await server.RefusalAsync(tool, arguments);

        Assert.Contains("503 ServerBusy", told);
        Assert.Contains("Call again in 60 seconds.", told);
        AssertPlainError(told, mostRequests: 1);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "ServerBusy")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData(HttpStatusCode.TooManyRequests, "TooManyRequests")]
    public async Task Persistent_failure_of_the_storage_is_reported_after_the_retries(HttpStatusCode status, string code)
    {
        FailEvery(status, code);
        await using var server = await FileServer.StartAsync(_service.Open());

        var told = await server.RefusalAsync("search_files", new { query = "needle" });

        Assert.Contains($"answered {(int)status} {code}. Call again in a moment.", told);
        AssertPlainError(told, mostRequests: Tries);
    }

    [Fact]
    public async Task Unreachable_storage_is_reported_after_the_retries()
    {
        for (var i = 0; i < 100; i++)
        {
            _service.Next(static _ => throw new HttpRequestException("SECRET"));
        }

        await using var server = await FileServer.StartAsync(_service.Open());

        var told = await server.RefusalAsync("read_file", new { path = "a.txt" });

        Assert.Contains("could not be reached. Call again in a moment.", told);
        AssertPlainError(told, mostRequests: Tries);
    }

    [Fact]
    public async Task Short_failure_is_retried_without_an_error()
    {
        _service.Next(static _ => FakeBlobService.Refuse(HttpStatusCode.ServiceUnavailable, "ServerBusy"));
        _service.Next(static _ => throw new HttpRequestException("reset"));
        await using var server = await FileServer.StartAsync(_service.Open());

        Assert.Equal(2, (await server.AnswerAsync("search_files", new { query = "needle" })).GetProperty("matches").GetArrayLength());
    }

    [Fact]
    public async Task Failure_during_a_search_fails_it_instead_of_omitting_files()
    {
        _service.Next(static _ => null);
        FailEvery(HttpStatusCode.ServiceUnavailable, "ServerBusy", retryAfter: 60);
        await using var server = await FileServer.StartAsync(_service.Open());

        Assert.Contains("503 ServerBusy", await server.RefusalAsync("search_files", new { query = "needle" }));
    }

    [Fact]
    public async Task Resources_report_refused_access_too()
    {
        FailEvery(HttpStatusCode.Forbidden, "AuthorizationFailure");
        await using var server = await FileServer.StartAsync(_service.Open());

        Func<Task>[] calls =
        [
            () => server.Client.ReadResourceAsync("file:///a.txt", cancellationToken: Token).AsTask(),
            () => server.Client.ListResourcesAsync(cancellationToken: Token).AsTask(),
        ];
        foreach (var call in calls)
        {
            Assert.Contains("'Storage Blob Data Reader'", (await Assert.ThrowsAsync<McpProtocolException>(call)).Message);
        }
    }

    [Fact]
    public async Task Download_resumes_after_a_broken_connection()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"line {i} of a long file\n"));
        _service.Put("long.txt", new FakeBlob(Encoding.UTF8.GetBytes(text)) { Breaks = new([1000, 70_000, 4_194_304, 4_200_000]) });

        await using var content = await _service.Open().OpenAsync(Path("long.txt"), 0, Token);

        Assert.Equal(text, await new StreamReader(content.Stream).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Download_with_constant_failures_ends()
    {
        _service.Put("long.txt", new FakeBlob(new byte[1_000_000]) { Breaks = new(Enumerable.Repeat(10L, 1000)) });

        await using var content = await _service.Open().OpenAsync(Path("long.txt"), 0, Token);

        Assert.Contains(
            "could not be reached",
            (await Assert.ThrowsAsync<FileStoreUnavailableException>(() => content.Stream.CopyToAsync(Stream.Null, Token))).Message);
        Assert.InRange(_service.Requests, 2, 10);
    }

    [Fact]
    public async Task Pages_of_two_versions_are_not_mixed()
    {
        _service.Put("f.txt", "1\n2\n");
        await using var server = await FileServer.StartAsync(_service.Open());
        var etag = (await server.AnswerAsync("read_file", new { path = "f.txt", limit = 1 })).GetProperty("etag").GetString()!;

        var second = await server.AnswerAsync("read_file", new { path = "f.txt", offset = 2, etag });
        _service.Put("f.txt", "1\n2\n");

        Assert.Equal(("2\n", etag), (second.GetProperty("content").GetString(), second.GetProperty("etag").GetString()));
        Assert.StartsWith(
            "etag: 'f.txt' was changed since", await server.RefusalAsync("read_file", new { path = "f.txt", offset = 2, etag }));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4 * 1024 * 1024 + 10)]
    public async Task Two_versions_are_never_mixed_when_a_connection_breaks(long at)
    {
        _service.Put("long.txt", new FakeBlob(Filled(1), length: 10_000_000)
        {
            Breaks = new([at]),
            OnBreak = () => _service.Put("long.txt", new FakeBlob(Filled(2), length: 10_000_000)),
        });

        Assert.Contains("was changed or replaced while it was read", await BreakAsync());
    }

    [Fact]
    public async Task Two_versions_are_never_mixed_from_one_range_to_the_next()
    {
        _service.Put("long.txt", new FakeBlob(Filled(1), length: 10_000_000));
        _service.OnDownload = count =>
        {
            _service.Put("long.txt", new FakeBlob(Filled(2), length: 10_000_000));
            return Task.CompletedTask;
        };

        Assert.Contains("was changed or replaced while it was read", await BreakAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, "BlobArchived", "archive tier")]
    [InlineData(HttpStatusCode.Conflict, "BlobBeingRehydrated", "archive tier")]
    [InlineData(HttpStatusCode.Conflict, "BlobUsesCustomerSpecifiedEncryption", "no permission to read 'a.txt'")]
    [InlineData(HttpStatusCode.NotFound, "BlobNotFound", "does not exist")]
    public async Task Unreadable_blob_is_reported_and_skipped_in_a_search(HttpStatusCode status, string code, string expected)
    {
        await using var server = await FileServer.StartAsync(_service.Put("a.txt", new FakeBlob([1], length: 100)).Open());
        _service.Always = request =>
            request.RequestUri!.AbsolutePath.EndsWith("/a.txt", StringComparison.Ordinal) ? FakeBlobService.Refuse(status, code) : null;

        var told = await server.RefusalAsync("read_file", new { path = "a.txt" });
        var found = await server.AnswerAsync("search_files", new { query = "needle" });

        Assert.Contains(expected, told);
        Assert.Equal((1, 1), (found.GetProperty("matches").GetArrayLength(), found.GetProperty("files_skipped").GetInt32()));
    }

    private static FilePath Path(string path) =>
        FilePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem);

    private static byte[] Filled(byte content) => [.. Enumerable.Repeat(content, 64 * 1024)];

    private async Task<string> BreakAsync()
    {
        await using var content = await _service.Open().OpenAsync(Path("long.txt"), 0, Token);
        return (await Assert.ThrowsAsync<FileProblemException>(() => content.Stream.CopyToAsync(Stream.Null, Token))).Message;
    }

    private void FailEvery(HttpStatusCode status, string code, int? retryAfter = null)
    {
        for (var i = 0; i < 100; i++)
        {
            _service.Next(_ => FakeBlobService.Refuse(status, code, retryAfter));
        }
    }

    private void AssertPlainError(string told, int mostRequests)
    {
        Assert.DoesNotContain("SECRET", told);
        Assert.DoesNotContain("   at ", told);
        Assert.DoesNotContain("Exception", told);
        Assert.InRange(_service.Requests, 1, mostRequests);
    }
}
