using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files;

/// <summary>
/// Provides the files of the shared folder as resources that users can attach. Text files are returned as text, and all other files as
/// blobs.
/// </summary>
/// <remarks>
/// A resource that the SDK creates from a method does not match every expansion of <c>{+path}</c>: its pattern excludes <c>?</c>,
/// <c>&amp;</c>, and <c>#</c>, which RFC 6570 keeps.
/// </remarks>
internal sealed class FileResource : McpServerResource
{
    /// <inheritdoc/>
    public override ResourceTemplate ProtocolResourceTemplate { get; } = new()
    {
        UriTemplate = FileUri.Template,
        Name = "file",
        Title = "File of the shared folder",
        Description = "A file of the shared folder. The path is relative to the folder. Expand the template as RFC 6570 specifies, or "
            + "percent-encode each name.",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<object> Metadata { get; } = typeof(FileResource).GetCustomAttributes(inherit: true);

    /// <inheritdoc/>
    public override bool IsMatch(string uri) => FileUri.IsMatch(uri);

    /// <inheritdoc/>
    public override async ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken = default)
    {
        var uri = request.Params!.Uri;
        var store = request.Services!.GetRequiredService<IFileStore>();
        var maxBytes = request.Services!.GetRequiredService<IOptions<FilesOptions>>().Value.MaxResourceBytes;
        McpProtocolException? refusal = null;
        foreach (var path in FileUri.PathsOf(uri))
        {
            if (!FilePath.TryParse(path, out var file, out var problem))
            {
                refusal ??= Refuse(McpErrorCode.InvalidParams, $"uri: the path {SafeText.Quote(path)} {problem}.", uri);
                continue;
            }

            try
            {
                await using var content = await store.OpenAsync(file, offset: 0, cancellationToken);
                var bytes = await ReadAsync(content, uri, maxBytes, cancellationToken);
                return new ReadResourceResult { Contents = [ToContents(file, uri, bytes)] };
            }
            catch (FileProblemException exception) when (exception.Problem == FileProblem.NotFound)
            {
                refusal ??= Refuse(NotFound(request.Server), exception.Message, uri);
            }
            catch (FileProblemException exception)
            {
                throw Refuse(McpErrorCode.InvalidParams, exception.Message, uri);
            }
        }

        throw refusal!;
    }

    private static async Task<byte[]> ReadAsync(FileContent content, string uri, int maxBytes, CancellationToken cancellationToken)
    {
        var (path, length) = (content.Entry.Path, content.Entry.Length ?? 0);
        var buffer = new byte[length <= maxBytes ? length : Math.Min(length, TextEncoding.SampleSize)];
        var count = await content.Stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length <= maxBytes)
        {
            return buffer[..count];
        }

        // The remedy depends on the content: read_file reads text of any size, but no binary file.
        var remedy = TextEncoding.Detect(buffer.AsSpan(0, count), isWhole: count == length) is null
            ? "It is not a text file, so read_file cannot read it either. Open it without this server, or provide a smaller or a text "
                + "version of it."
            : $"Use the tool read_file with offset and limit to read '{path}' in parts.";
        throw Refuse(
            McpErrorCode.InvalidParams, $"uri: '{path}' has {length} bytes; at most {maxBytes} can be attached. {remedy}", uri);
    }

    private static ResourceContents ToContents(FilePath path, string uri, byte[] bytes)
    {
        // A resource has no escapes. A file that is not completely valid Unicode text is returned as a blob.
        if (TextEncoding.Detect(bytes, isWhole: true) is { IsSingleByte: false } encoding && encoding.TryDecode(bytes, out var text))
        {
            return new TextResourceContents { Uri = uri, MimeType = MimeTypes.Of(path, isText: true), Text = text };
        }

        return BlobResourceContents.FromBytes(bytes, uri, MimeTypes.Of(path, isText: false));
    }

    // The error code is -32002 up to revision 2025-11-25, and -32602 from 2026-07-28 on ("Resources: error handling" of each revision).
    private static McpErrorCode NotFound(McpServer server) =>
        string.CompareOrdinal(server.NegotiatedProtocolVersion, "2026-07-28") >= 0
            ? McpErrorCode.InvalidParams
            : McpErrorCode.ResourceNotFound;

    private static McpProtocolException Refuse(McpErrorCode code, string message, string uri) =>
        new(message, code) { Data = { ["uri"] = uri } };
}
