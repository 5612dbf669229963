using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Tests that a client requests the scope that a 403 (<c>insufficient_scope</c>) names from its user, and then continues. The client
/// signs in at Entra ID directly.
/// </summary>
public sealed class StepUpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2")]
    [InlineData("1")]
    public async Task A_client_gets_the_scope_that_a_call_needs_and_makes_the_call(string sdk)
    {
        var folder = Directory.CreateTempSubdirectory("remote-mcp-step-up-");
        try
        {
            await using var server = await EntraServer.StartAsync(
                folder.FullName, Cancellation, EntraServer.Direct, "RemoteMcp:Files:AllowChanges=true");

            var result = await NodeClient.RunAsync(
                "stepping-up.mjs",
                [
                    sdk,
                    server.Endpoint.ToString(),
                    SignedInClientTests.SignInArgument(sendResource: false),
                    """{"name":"write_file","arguments":{"path":"note.txt","content":"written"}}""",
                ],
                server.NodeTrust,
                Cancellation);

            Assert.True(result.ExitCode == 0, result.Error);
            var seen = JsonElement.Parse(result.Output);
            Assert.Equal("written", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "note.txt"), Cancellation));
            Assert.DoesNotContain("write_file", Texts(seen, "toolsBefore"));
            Assert.Contains("write_file", Texts(seen, "toolsAfter"));
            Assert.Equal(2, seen.GetProperty("pages").GetInt32());
            Assert.DoesNotContain("Files.Write", Texts(seen, "scopes").First(), StringComparison.Ordinal);
            Assert.Contains("Files.Write", Texts(seen, "scopes").Last(), StringComparison.Ordinal);
            Assert.True(seen.GetProperty("keptItsSession").GetBoolean());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Texts(JsonElement seen, string property) =>
        seen.GetProperty(property).EnumerateArray().Select(each => each.GetString()!);
}
