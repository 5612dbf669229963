using System.ComponentModel;
using System.Text;
using System.Text.Unicode;
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
[McpServerResourceType]
internal sealed class FileResource(IFileStore store, IOptions<FilesOptions> options)
{
    /// <summary>Reads one file.</summary>
    [McpServerResource(UriTemplate = FileUri.Template, Name = "file", Title = "File of the shared folder")]
    [Description("A file of the shared folder. The path is relative to the folder and percent-encoded.")]
    public async Task<ReadResourceResult> ReadAsync(
        string path, RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params!.Uri;
        if (!FilePath.TryParse(path, out var file, out var problem))
        {
            throw Refuse(McpErrorCode.InvalidParams, $"uri: the path {SafeText.Quote(path)} {problem}.", uri);
        }

        try
        {
            await using var content = await store.OpenAsync(file, offset: 0, cancellationToken);
            var bytes = await ReadAsync(content, uri, cancellationToken);
            return new ReadResourceResult { Contents = [ToContents(file, uri, bytes)] };
        }
        catch (FileProblemException exception)
        {
            throw Refuse(
                exception.Problem == FileProblem.NotFound ? NotFound(request.Server) : McpErrorCode.InvalidParams, exception.Message, uri);
        }
    }

    private async Task<byte[]> ReadAsync(FileContent content, string uri, CancellationToken cancellationToken)
    {
        var length = content.Entry.Length ?? 0;
        var maxBytes = options.Value.MaxResourceBytes;
        if (length > maxBytes)
        {
            throw Refuse(McpErrorCode.InvalidParams, $"uri: '{content.Entry.Path}' has {length} bytes; at most {maxBytes} can be attached. "
                + "Use the tool read_file with offset and limit to read a part of it.", uri);
        }

        var buffer = new byte[length];
        var count = await content.Stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..count];
    }

    private static ResourceContents ToContents(FilePath path, string uri, byte[] bytes)
    {
        // Unlike read_file, a resource has no replacement characters. A file that is not completely valid text is returned as a blob.
        var encoding = TextEncoding.Detect(bytes);
        if (encoding is null || encoding is UTF8Encoding && !Utf8.IsValid(bytes))
        {
            return BlobResourceContents.FromBytes(bytes, uri, MimeTypes.Of(path, isText: false));
        }

        return new TextResourceContents
        {
            Uri = uri,
            MimeType = MimeTypes.Of(path, isText: true),
            Text = encoding.GetString(bytes.AsSpan(encoding.Preamble.Length)),
        };
    }

    // The error code is -32002 up to revision 2025-11-25, and -32602 from 2026-07-28 on ("Resources: error handling" of each revision).
    private static McpErrorCode NotFound(McpServer server) =>
        string.CompareOrdinal(server.NegotiatedProtocolVersion, "2026-07-28") >= 0
            ? McpErrorCode.InvalidParams
            : McpErrorCode.ResourceNotFound;

    private static McpProtocolException Refuse(McpErrorCode code, string message, string uri) =>
        new(message, code) { Data = { ["uri"] = uri } };
}
