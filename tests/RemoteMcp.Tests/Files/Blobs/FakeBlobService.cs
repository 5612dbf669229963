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
/// The part of the Blob service that is read with, behind the real client library: with names that no client would send, the order and
/// the pages that a test chooses, and failures where it wants them.
/// </summary>
internal sealed class FakeBlobService : HttpMessageHandler
{
    private const string Root = "/files/";
    private static readonly DateTimeOffset Modified = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, FakeBlob> _blobs = [];
    private readonly ConcurrentQueue<Func<HttpRequestMessage, HttpResponseMessage?>> _next = new();
    private int _requests;
    private int _listings;
    private int _running;
    private int _mostRunning;
    private int _downloads;

    /// <summary>The order in which names are listed: ordinal, until a test says otherwise.</summary>
    public IComparer<string> Order { get; init; } = StringComparer.Ordinal;

    /// <summary>The most names of a page of a listing.</summary>
    public int PageSize { get; init; } = 5000;

    public int Listings => Volatile.Read(ref _listings);

    public int Downloads => Volatile.Read(ref _downloads);

    /// <summary>Looks at every request that <see cref="Next"/> says nothing about.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Always { get; set; } = static _ => null;

    /// <summary>Called with the count of downloads when one begins, before it is answered.</summary>
    public Func<int, Task> OnDownload { get; set; } = static _ => Task.CompletedTask;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The most downloads whose bodies were open at a time.</summary>
    public int MostDownloadsAtATime => Volatile.Read(ref _mostRunning);

    public FakeBlobService Put(string name, string content) => Put(name, new FakeBlob(Encoding.UTF8.GetBytes(content)));

    public FakeBlobService Put(string name, FakeBlob blob)
    {
        _blobs[name] = blob;
        return this;
    }

    /// <summary>What becomes of the next request; with <see langword="null"/> it is served after all.</summary>
    public void Next(Func<HttpRequestMessage, HttpResponseMessage?> answer) => _next.Enqueue(answer);

    public BlobFileStore Open(FilePath folder = default, int levelCapacity = 20_000)
    {
        BlobClientOptions options = BlobContainers.ClientOptions(new HttpClientTransport(this));
        return new BlobFileStore(new BlobContainerClient(new Uri("https://team.blob.core.windows.net/files"), options), folder, levelCapacity);
    }

    public static HttpResponseMessage Refuse(HttpStatusCode status, string code, int? retryAfter = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>SECRET</Message></Error>", Encoding.UTF8, "application/xml") };
        response.Headers.Add("x-ms-error-code", code);
        response.Headers.RetryAfter = retryAfter is { } seconds ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) : null;
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        HttpResponseMessage? answer = _next.TryDequeue(out Func<HttpRequestMessage, HttpResponseMessage?>? next) ? next(request) : Always(request);
        answer ??= request.RequestUri!.Query.Contains("comp=list", StringComparison.Ordinal) ? List(HttpUtility.ParseQueryString(request.RequestUri.Query)) : Read(request);
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
        string prefix = query["prefix"] ?? "";
        int start = int.Parse(query["marker"] ?? "0", CultureInfo.InvariantCulture);
        int size = Math.Min(PageSize, int.Parse(query["maxresults"] ?? "5000", CultureInfo.InvariantCulture));
        string[] names = [.. _blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => query["delimiter"] is not null && name.IndexOf('/', prefix.Length) is >= 0 and int slash ? name[..(slash + 1)] : name)
            .Distinct().Order(Order)];
        var blobs = new XElement("Blobs", names.Skip(start).Take(size).Select(name => Describe(name, name.Length > prefix.Length && name.EndsWith('/') && query["delimiter"] is not null)));
        string marker = start + size < names.Length ? (start + size).ToString(CultureInfo.InvariantCulture) : "";
        var body = new XElement("EnumerationResults", new XAttribute("ContainerName", "files"), new XElement("Prefix", ""), blobs, new XElement("NextMarker", marker));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body.ToString(), Encoding.UTF8, "application/xml") };
    }

    private XElement Describe(string name, bool isPrefix)
    {
        // As the service does with names that XML cannot hold.
        var encoded = new XElement("Name", new XAttribute("Encoded", "true"), Uri.EscapeDataString(name));
        return isPrefix ? new XElement("BlobPrefix", encoded) : new XElement("Blob", encoded, new XElement("Properties",
            new XElement("Last-Modified", Modified.ToString("R", CultureInfo.InvariantCulture)),
            new XElement("Etag", _blobs[name].Version),
            new XElement("Content-Length", _blobs[name].Length),
            new XElement("BlobType", "BlockBlob")), new XElement("Metadata", _blobs[name].IsFolder ? new XElement(BlobEntry.FolderMark, "true") : null));
    }

    private HttpResponseMessage Read(HttpRequestMessage request)
    {
        string name = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath[Root.Length..]);
        if (!_blobs.TryGetValue(name, out FakeBlob? blob))
        {
            return Refuse(HttpStatusCode.NotFound, "BlobNotFound");
        }

        if (request.Headers.IfMatch.SingleOrDefault() is { } version && version.Tag.Trim('"') != blob.Version)
        {
            return Refuse(HttpStatusCode.PreconditionFailed, "ConditionNotMet");
        }

        if (request.Method == HttpMethod.Head)
        {
            return Headed(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) { Headers = { ContentLength = blob.Length } } }, blob);
        }

        RangeItemHeaderValue range = RangeHeaderValue.Parse(request.Headers.TryGetValues("x-ms-range", out IEnumerable<string>? given) ? given.Single() : request.Headers.Range!.ToString()).Ranges.Single();
        if (range.From >= blob.Length)
        {
            return Refuse(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
        }

        long end = Math.Min(range.To ?? long.MaxValue, blob.Length - 1);
        Interlocked.Increment(ref _downloads);
        int running = Interlocked.Increment(ref _running);
        for (int most = _mostRunning; running > most && Interlocked.CompareExchange(ref _mostRunning, running, most) != most; most = _mostRunning)
        {
        }

        var content = new StreamContent(new FakeBlobBody(blob, range.From!.Value, end - range.From.Value + 1, () => Interlocked.Decrement(ref _running)));
        content.Headers.ContentLength = end - range.From + 1;
        content.Headers.ContentRange = new ContentRangeHeaderValue(range.From.Value, end, blob.Length);
        return Headed(new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = content }, blob);
    }

    private static HttpResponseMessage Headed(HttpResponseMessage response, FakeBlob blob)
    {
        response.Headers.ETag = new EntityTagHeaderValue($"\"{blob.Version}\"");
        response.Content.Headers.LastModified = Modified;
        response.Headers.Add("x-ms-blob-type", "BlockBlob");
        if (blob.IsFolder)
        {
            response.Headers.Add("x-ms-meta-" + BlobEntry.FolderMark, "true");
        }

        return response;
    }
}
