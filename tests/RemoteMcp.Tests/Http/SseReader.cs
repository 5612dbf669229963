using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Reads an event stream block by block. It returns events and comments exactly as the server sent them.</summary>
internal sealed class SseReader(Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.UTF8);

    public static async Task<SseReader> OpenAsync(HttpResponseMessage response) =>
        new(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

    /// <returns>The lines before the next empty line; <see langword="null"/> at the end of the stream.</returns>
    public async Task<string?> ReadBlockAsync()
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        var block = new StringBuilder();
        while (await _reader.ReadLineAsync(bound.Token) is { } line)
        {
            if (line.Length == 0)
            {
                return block.ToString();
            }

            block.Append(line).Append('\n');
        }

        return block.Length == 0 ? null : throw new EndOfStreamException($"The stream ended in the middle of an event: {block}");
    }

    /// <summary>Returns the next message. It skips comments and events that have only an id.</summary>
    public async Task<JsonNode> ReadMessageAsync() => JsonNode.Parse(await ReadDataAsync())!;

    public async Task<string> ReadDataAsync()
    {
        while (true)
        {
            var block = await ReadBlockAsync() ?? throw new EndOfStreamException();
            if (block.Split('\n').SingleOrDefault(
                static line => line.StartsWith("data: ", StringComparison.Ordinal) && line.Length > "data: ".Length) is { } data)
            {
                return data[6..];
            }
        }
    }

    public void Dispose() => _reader.Dispose();
}
