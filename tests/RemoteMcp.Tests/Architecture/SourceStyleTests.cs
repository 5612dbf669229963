using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.Tests.Architecture;

/// <summary>Tests the rules of .editorconfig that no analyzer enforces.</summary>
public sealed class SourceStyleTests
{
    private const int MaxLineLength = 140;

    [Fact]
    public void No_line_of_code_is_longer_than_140_columns()
    {
        var tooLong = Repository.Files()
            .Where(static file => file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(static file => File.ReadLines(Repository.PathOf(file)).Select((line, index) => (file, index, line.Length)))
            .Where(static line => line.Length > MaxLineLength)
            .Select(static line => $"{line.file}:{line.index + 1} has {line.Length}");

        Assert.Empty(tooLong);
    }
}
