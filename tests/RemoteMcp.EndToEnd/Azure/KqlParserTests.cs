using ModelContextProtocol;
using RemoteMcp.Testing.Azure;
using RemoteMcp.Tools.Azure.Kql;
using Xunit;

namespace RemoteMcp.EndToEnd.Azure;

/// <summary>Compares the grammar of queries with Microsoft's parser.</summary>
public sealed class KqlParserTests
{
    private const int Attempts = 40_000;
    private const int MaxParsed = 3_000;
    private const string Workspace = "60000000-0000-4000-8000-000000000001";

    [Fact]
    public async Task Query_that_people_write_has_no_syntax_errors_in_Microsofts_parser()
    {
        string[] queries = [.. KqlQueries.Logs, .. KqlQueries.Resources];

        var parsed = await MicrosoftParser.ParseAsync(queries);

        Assert.All(queries.Zip(parsed), static each =>
        {
            Assert.True(each.Second.Errors.Count == 0, $"{each.First}\n{string.Join('\n', each.Second.Errors)}");
            Assert.Empty(each.Second.Violations(static _ => false));
        });
    }

    // Without this test, the next one could pass because it recognizes nothing.
    [Fact]
    public async Task Hostile_query_is_recognized_in_Microsofts_syntax_tree()
    {
        var parsed = await MicrosoftParser.ParseAsync(KqlQueries.Hostile);

        Assert.All(
            KqlQueries.Hostile.Zip(parsed),
            static each => Assert.True(each.Second.Violations(static _ => false).Any(), each.First));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Allowed_query_reaches_nothing_else_in_Microsofts_parser(int seed, bool asCaller)
    {
        var allowed = Allowed(seed, asCaller ? KqlSources.OfCaller : KqlSources.Of([Workspace]));
        Assert.InRange(allowed.Count, 500, MaxParsed);

        var parsed = await MicrosoftParser.ParseAsync(allowed);

        string[] found =
        [
            .. allowed.Zip(parsed)
                .SelectMany(each => each.Second.Violations(call => IsResource(call, asCaller))
                    .Select(violation => $"{violation} in: {each.First}")),
        ];
        Assert.True(found.Length == 0, $"Seed {seed}: {found.Length} queries reach something else:\n{string.Join('\n', found.Take(10))}");
    }

    private static HashSet<string> Allowed(int seed, KqlSources sources)
    {
        var fuzzer = new KqlFuzzer(seed);
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Attempts && allowed.Count < MaxParsed; i++)
        {
            var query = fuzzer.Next();
            try
            {
                allowed.Add(KqlQuery.Read(query, sources));
            }
            catch (McpException)
            {
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception.GetType().Name} for: {query}");
            }
        }

        return allowed;
    }

    // On behalf of the caller, the caller's roles decide about other resources. With the server's identity, only the workspace is allowed.
    private static bool IsResource(ParsedCall call, bool asCaller) => asCaller
        ? call.Name is "workspace" or "app" or "resource" or "arg"
        : call.Name == "workspace" && call.Arguments.Contains(Workspace, StringComparison.Ordinal);
}
