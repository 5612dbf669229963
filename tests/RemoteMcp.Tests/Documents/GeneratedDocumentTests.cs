using RemoteMcp.Testing;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Documents;

/// <summary>Compares the generated parts of the documents with the code. Each part is between two comments with its name.</summary>
public sealed class GeneratedDocumentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Table_of_tools_in_the_readme_matches_the_code() =>
        await AssertPartAsync("README.md", "tools", await ToolsReference.TableAsync(Cancellation));

    [Fact]
    public Task Table_of_sections_in_the_readme_matches_the_code() =>
        AssertPartAsync("README.md", "settings", SettingsReference.Overview());

    [Fact]
    public Task Reference_of_settings_matches_the_code() => AssertPartAsync("docs/settings.md", "settings", SettingsReference.Details());

    private static async Task AssertPartAsync(string file, string name, string expected)
    {
        var path = Repository.PathOf(file);
        var text = await File.ReadAllTextAsync(path, Cancellation);
        var (begin, end) = ($"<!-- generated: {name} -->\n", $"<!-- end: {name} -->");
        var (start, stop) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        Assert.True(start >= 0 && stop > start, $"{file} has no part {begin.Trim()} … {end}.");
        start += begin.Length;
        var wanted = $"\n{expected}\n";
        if (Environment.GetEnvironmentVariable(ToolSnapshotTests.UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(path, text[..start] + wanted + text[stop..], Cancellation);
        }
        else
        {
            Assert.True(
                text[start..stop] == wanted,
                $"{file}: the part '{name}' does not match the code. Update it: "
                + $"{ToolSnapshotTests.UpdateVariable}=1 dotnet run --project tests/RemoteMcp.Tests -- -class \"*GeneratedDocumentTests\"");
        }
    }
}
