using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Xunit;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides all hostile requests and checks their responses, for every host of the server.</summary>
internal static class HostileTable
{
    public static IReadOnlyDictionary<string, HostileRequest> All { get; } = new HostileRequest[][]
    {
        HostileJson.Rows, HostileMessages.Rows, HostileHeaders.Rows, HostileBodies.Rows, HostileSessions.Rows,
        HostileTargets.Rows, HostileOrigins.Rows,
    }.SelectMany(static rows => rows).ToDictionary(static row => row.Name);

    /// <summary>
    /// Sends a request and asserts that the response matches the row, has the format of the protocol, and discloses no internals.
    /// </summary>
    /// <param name="row">The request and its expected response.</param>
    /// <param name="url">The URL of the server.</param>
    /// <param name="session">The session id, for a row that needs a session.</param>
    public static async Task AssertAnswerAsync(HostileRequest row, Uri url, string session)
    {
        var response = await RawHttp.SendAsync(url, row.ToBytes(url, session), row.Ends, readToEnd: !row.Lingers);

        Assert.True(response.Status == row.Status, $"Expected {row.Status}, got {response.Status}: {response.Headers}\n\n{response.Body}");
        Assert.Equal("", response.Rest);
        Assert.DoesNotContain("   at ", response.Body);
        Assert.DoesNotContain("Exception", response.Body);
        if (row.Code is not null || row.HasResult)
        {
            var message = Messages.ParseMessage(ContentType(response), response.Body);
            // The SDK's deserializer checks the format.
            Assert.IsAssignableFrom<JsonRpcMessage>(message.Deserialize<JsonRpcMessage>(McpJsonUtilities.DefaultOptions));
            Assert.Equal(row.Code, (int?)message["error"]?["code"]);
            Assert.Equal(row.HasResult, message["result"] is not null);
            Assert.True(row.HasResult || !string.IsNullOrWhiteSpace((string?)message["error"]!["message"]));
        }
    }

    private static System.Net.Http.Headers.MediaTypeHeaderValue? ContentType(RawResponse response) =>
        response.Headers.Split("\r\n")
            .FirstOrDefault(static line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) is { } line
                ? System.Net.Http.Headers.MediaTypeHeaderValue.Parse(line.Split(':', 2)[1].Trim())
                : null;
}
