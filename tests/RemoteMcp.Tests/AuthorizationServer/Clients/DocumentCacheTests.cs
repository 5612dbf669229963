using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests how long documents and failures are cached, and that requests share and limit downloads.</summary>
public sealed class DocumentCacheTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, 3600)]
    [InlineData("Cache-Control", "max-age=7200", 7200)]
    [InlineData("Cache-Control", "public, max-age=86400", 86400)]
    [InlineData("Cache-Control", "max-age=86400, s-maxage=900", 900)]
    [InlineData("Cache-Control", "max-age=0", 300)]
    [InlineData("Cache-Control", "max-age=10", 300)]
    [InlineData("Cache-Control", "no-store", 300)]
    [InlineData("Cache-Control", "no-cache, max-age=86400", 300)]
    [InlineData("Cache-Control", "max-age=31536000", 604800)]
    [InlineData("Cache-Control", "max-age=99999999999999999999", 3600)]
    [InlineData("Cache-Control", "max-age=-1", 3600)]
    [InlineData("Cache-Control", "banana", 3600)]
    [InlineData("Expires", "+7200", 7200)]
    [InlineData("Expires", "+9999999", 604800)]
    [InlineData("Expires", "-10", 300)]
    [InlineData("Expires", "0", 300)]
    [InlineData("Age", "3000", 3600)]
    public async Task Document_is_cached_according_to_its_headers(string? header, string? value, int seconds)
    {
        using var handler = new StubHandler(_ =>
        {
            var response = TestClients.Response(TestClients.Document());
            if (header is "Expires" && value![0] is '+' or '-')
            {
                response.Headers.Date = _time.GetUtcNow();
                response.Content.Headers.Expires = _time.GetUtcNow().AddSeconds(int.Parse(value!, CultureInfo.InvariantCulture));
            }
            else if (header is not null)
            {
                Assert.True(response.Headers.TryAddWithoutValidation(header, value)
                    || response.Content.Headers.TryAddWithoutValidation(header, value));
            }

            return response;
        });
        using var documents = TestClients.Documents(handler, _time);

        await documents.GetAsync(TestClients.Url, Cancel);
        _time.Advance(TimeSpan.FromSeconds(seconds - 2));
        await documents.GetAsync(TestClients.Url, Cancel);
        Assert.Equal(1, handler.Requests);

        _time.Advance(TimeSpan.FromSeconds(4));
        await documents.GetAsync(TestClients.Url, Cancel);
        Assert.Equal(2, handler.Requests);
    }

    [Fact]
    public async Task Time_in_other_caches_counts()
    {
        using var handler = new StubHandler(static _ =>
        {
            var response = TestClients.Response(TestClients.Document());
            response.Headers.CacheControl = new() { MaxAge = TimeSpan.FromHours(2) };
            response.Headers.Age = TimeSpan.FromHours(1);
            return response;
        });
        using var documents = TestClients.Documents(handler, _time);

        await documents.GetAsync(TestClients.Url, Cancel);
        _time.Advance(TimeSpan.FromMinutes(61));
        await documents.GetAsync(TestClients.Url, Cancel);

        Assert.Equal(2, handler.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task Failure_is_cached_for_a_minute(string? document)
    {
        using var handler = new StubHandler(
            _ => document is null ? throw new HttpRequestException("secret detail") : TestClients.Response(document));
        using var documents = TestClients.Documents(handler, _time);

        var first = await RefusalAsync(documents);
        _time.Advance(TimeSpan.FromSeconds(59));
        var second = await RefusalAsync(documents);
        Assert.Equal(first, second);
        Assert.DoesNotContain("secret detail", first);
        Assert.Equal(1, handler.Requests);

        _time.Advance(TimeSpan.FromSeconds(2));
        await RefusalAsync(documents);
        Assert.Equal(2, handler.Requests);
    }

    [Fact]
    public async Task Expired_document_is_not_used_when_the_host_fails()
    {
        var fails = false;
        using var handler = new StubHandler(_ => fails ? throw new HttpRequestException() : TestClients.Response(TestClients.Document()));
        using var documents = TestClients.Documents(handler, _time);
        await documents.GetAsync(TestClients.Url, Cancel);

        fails = true;
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Contains("connection failed", await RefusalAsync(documents));
    }

    [Fact]
    public async Task Concurrent_requests_for_one_URL_share_one_download()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var handler = new StubHandler((_, _) => answer.Task);
        using var documents = TestClients.Documents(handler, _time);
        using var left = new CancellationTokenSource();

        var first = documents.GetAsync(TestClients.Url, left.Token).AsTask();
        var others = Enumerable.Range(0, 20).Select(_ => documents.GetAsync(TestClients.Url, Cancel).AsTask()).ToList();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(TestClients.Response(TestClients.Document()));

        Assert.Single((await Task.WhenAll(others)).Distinct());
        Assert.Equal(1, handler.Requests);
    }

    [Fact]
    public async Task Ninth_concurrent_download_is_refused_and_works_later()
    {
        var answers = new ConcurrentDictionary<string, TaskCompletionSource<HttpResponseMessage>>();
        using var handler = new StubHandler((request, _) => answers.GetOrAdd(request.RequestUri!.AbsoluteUri, static _ => new()).Task);
        using var documents = TestClients.Documents(handler, _time);
        var running = Enumerable.Range(0, 8).Select(number => documents.GetAsync(UrlOf(number), Cancel).AsTask()).ToList();
        await Eventually.IsTrueAsync(() => answers.Count == 8);

        Assert.Contains("Try again", await RefusalAsync(documents, UrlOf(8)));
        Assert.Equal(8, handler.Requests);

        foreach (var (url, answer) in answers)
        {
            answer.SetResult(TestClients.Response(TestClients.Document(url)));
        }

        await Task.WhenAll(running);
        answers[UrlOf(8)] = new();
        answers[UrlOf(8)].SetResult(TestClients.Response(TestClients.Document(UrlOf(8))));
        await Eventually.IsTrueAsync(async () =>
            await Record.ExceptionAsync(async () => await documents.GetAsync(UrlOf(8), Cancel)) is null);

        static string UrlOf(int number) => $"https://client.example.com/{number}";
    }

    [Fact]
    public async Task Cache_keeps_a_thousand_documents_at_most()
    {
        using var handler = new StubHandler(
            static request => TestClients.Response(TestClients.Document(request.RequestUri!.AbsoluteUri)));
        using var documents = TestClients.Documents(handler, _time);

        for (var number = 0; number < ClientMetadataDocuments.Capacity + 200; number++)
        {
            await documents.GetAsync($"https://client.example.com/{number}", Cancel);
        }

        Assert.InRange(documents.Count, 1, ClientMetadataDocuments.Capacity);
    }

    private static async Task<string> RefusalAsync(ClientMetadataDocuments documents, string url = TestClients.Url) =>
        (await Assert.ThrowsAsync<ClientRefusedException>(async () => await documents.GetAsync(url, Cancel))).Message;
}
