using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Web;
using System.Xml.Linq;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Blobs;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>
/// Emulates the read operations of the Blob service behind the real client library. A test chooses the order, the page size, and the
/// failures, and can add names that no client would send.
/// </summary>
internal sealed class FakeBlobService : HttpMessageHandler
{
    private const string Root = "/files/";
    private static readonly DateTimeOffset s_modified = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, FakeBlob> _blobs = [];
    private readonly ConcurrentQueue<Func<HttpRequestMessage, HttpResponseMessage?>> _next = new();
    private int _requests;
    private int _listings;
    private int _running;
    private int _mostRunning;
    private int _downloads;

    /// <summary>Gets the order of the names in a listing; ordinal by default.</summary>
    public IComparer<string> Order { get; init; } = StringComparer.Ordinal;

    /// <summary>Gets the maximum number of names in a page of a listing.</summary>
    public int PageSize { get; init; } = 5000;

    public int Listings => Volatile.Read(ref _listings);

    public int Downloads => Volatile.Read(ref _downloads);

    /// <summary>Gets or sets the handler of every request without a handler from <see cref="Next"/>.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Always { get; set; } = static _ => null;

    /// <summary>Gets or sets the function that runs before the response to a download. Its argument is the number of downloads.</summary>
    public Func<int, Task> OnDownload { get; set; } = static _ => Task.CompletedTask;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets the maximum number of downloads whose bodies were open at the same time.</summary>
    public int MaxConcurrentDownloads => Volatile.Read(ref _mostRunning);

    public FakeBlobService Put(string name, string content) => Put(name, new FakeBlob(Encoding.UTF8.GetBytes(content)));

    public FakeBlobService Put(string name, FakeBlob blob)
    {
        _blobs[name] = blob;
        return this;
    }

    /// <summary>Adds a handler for the next request. If it returns <see langword="null"/>, the service processes the request.</summary>
    public void Next(Func<HttpRequestMessage, HttpResponseMessage?> answer) => _next.Enqueue(answer);

    public BlobFileStore Open(FilePath folder = default, int levelCapacity = 20_000)
    {
        var options = BlobContainers.ClientOptions(new HttpClientTransport(this));
        return new BlobFileStore(
            new BlobContainerClient(new Uri("https://team.blob.core.windows.net/files"), options), folder, levelCapacity);
    }

    public static HttpResponseMessage Refuse(HttpStatusCode status, string code, int? retryAfter = null)
    {
        var response = new HttpResponseMessage(status)
        {
            Content = new StringContent(
                $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>SECRET</Message></Error>", Encoding.UTF8, "application/xml"),
        };
        response.Headers.Add("x-ms-error-code", code);
        response.Headers.RetryAfter = retryAfter is { } seconds ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) : null;
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        var answer = _next.TryDequeue(out var next) ? next(request) : Always(request);
        answer ??= request.RequestUri!.Query.Contains("comp=list", StringComparison.Ordinal)
            ? List(HttpUtility.ParseQueryString(request.RequestUri.Query))
            : Read(request);
        if (answer.StatusCode == HttpStatusCode.PartialContent)
        {
            await OnDownload(Downloads);
        }

        answer.RequestMessage = request;
        return answer;
    }

    private HttpResponseMessage List(System.Collections.Specialized.NameValueCollection query)
    {
        Interlocked.Increment(ref _listings);
        var prefix = query["prefix"] ?? "";
        var start = int.Parse(query["marker"] ?? "0", CultureInfo.InvariantCulture);
        var size = Math.Min(PageSize, int.Parse(query["maxresults"] ?? "5000", CultureInfo.InvariantCulture));
        string[] names = [.. _blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => query["delimiter"] is not null && name.IndexOf('/', prefix.Length) is >= 0 and int slash
                ? name[..(slash + 1)]
                : name)
            .Distinct().Order(Order)];
        var blobs = new XElement("Blobs", names
            .Skip(start)
            .Take(size)
            .Select(name => Describe(name, name.Length > prefix.Length && name.EndsWith('/') && query["delimiter"] is not null)));
        var marker = start + size < names.Length ? (start + size).ToString(CultureInfo.InvariantCulture) : "";
        var body = new XElement(
            "EnumerationResults",
            new XAttribute("ContainerName", "files"),
            new XElement("Prefix", ""),
            blobs,
            new XElement("NextMarker", marker));
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(body.ToString(), Encoding.UTF8, "application/xml"),
        };
    }

    private XElement Describe(string name, bool isPrefix)
    {
        // The service encodes names that XML cannot contain in this way.
        var encoded = new XElement("Name", new XAttribute("Encoded", "true"), Uri.EscapeDataString(name));
        return isPrefix ? new XElement("BlobPrefix", encoded) : new XElement("Blob", encoded, new XElement("Properties",
            new XElement("Last-Modified", s_modified.ToString("R", CultureInfo.InvariantCulture)),
            new XElement("Etag", _blobs[name].Version),
            new XElement("Content-Length", _blobs[name].Length),
            new XElement("BlobType", "BlockBlob")),
            new XElement("Metadata", _blobs[name].IsFolder ? new XElement(BlobEntry.FolderMark, "true") : null));
    }

    private HttpResponseMessage Read(HttpRequestMessage request)
    {
        var name = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath[Root.Length..]);
        if (!_blobs.TryGetValue(name, out var blob))
        {
            return Refuse(HttpStatusCode.NotFound, "BlobNotFound");
        }

        if (request.Headers.IfMatch.SingleOrDefault() is { } version && version.Tag.Trim('"') != blob.Version)
        {
            return Refuse(HttpStatusCode.PreconditionFailed, "ConditionNotMet");
        }

        if (request.Method == HttpMethod.Head)
        {
            return Headed(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new ByteArrayContent([]) { Headers = { ContentLength = blob.Length } },
                },
                blob);
        }

        var range = RangeHeaderValue
            .Parse(request.Headers.TryGetValues("x-ms-range", out var given) ? given.Single() : request.Headers.Range!.ToString())
            .Ranges.Single();
        if (range.From >= blob.Length)
        {
            return Refuse(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
        }

        var end = Math.Min(range.To ?? long.MaxValue, blob.Length - 1);
        Interlocked.Increment(ref _downloads);
        var running = Interlocked.Increment(ref _running);
        for (var most = _mostRunning;
            running > most && Interlocked.CompareExchange(ref _mostRunning, running, most) != most;
            most = _mostRunning)
        {
        }

        var content = new StreamContent(
            new FakeBlobBody(blob, range.From!.Value, end - range.From.Value + 1, () => Interlocked.Decrement(ref _running)));
        content.Headers.ContentLength = end - range.From + 1;
        content.Headers.ContentRange = new ContentRangeHeaderValue(range.From.Value, end, blob.Length);
        return Headed(new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = content }, blob);
    }

    private static HttpResponseMessage Headed(HttpResponseMessage response, FakeBlob blob)
    {
        response.Headers.ETag = new EntityTagHeaderValue($"\"{blob.Version}\"");
        response.Content.Headers.LastModified = s_modified;
        response.Headers.Add("x-ms-blob-type", "BlockBlob");
        if (blob.IsFolder)
        {
            response.Headers.Add("x-ms-meta-" + BlobEntry.FolderMark, "true");
        }

        return response;
    }
}
