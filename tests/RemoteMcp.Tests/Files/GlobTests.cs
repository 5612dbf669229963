using ModelContextProtocol;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests globs that users write.</summary>
public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "a/b/c.txt", true)]
    [InlineData("", "a/b/c.txt", true)]
    [InlineData("**", "a/b/c.txt", true)]
    [InlineData("*.cs", "a/b/c.cs", true)]
    [InlineData("*.cs", "c.CS", true)]
    [InlineData("*.cs", "c.csproj", false)]
    [InlineData("*.{cs,csproj}", "a/c.csproj", true)]
    [InlineData("*.{cs,{md,txt}}", "a/c.txt", true)]
    [InlineData("{src,tests}/**/*.cs", "tests/a/b.cs", true)]
    [InlineData("src/**/*.cs", "src/b.cs", true)]
    [InlineData("src/**/*.cs", "lib/src/b.cs", false)]
    [InlineData("**/src/**/*.cs", "lib/src/b.cs", true)]
    [InlineData("src/", "src/a/b", true)]
    [InlineData("src/*.cs", "src/a/b.cs", false)]
    [InlineData("README*", "docs/readme.md", true)]
    [InlineData(".env", "a/.env", true)]
    [InlineData("[id].tsx", "app/[id].tsx", true)]
    [InlineData("{id}.ts", "a/{id}.ts", true)]
    [InlineData("{open", "{open", true)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    [InlineData("a*b*c", "aXXcYYb", false)]
    public void Including_glob_matches_the_expected_paths(string pattern, string path, bool expected) =>
        Assert.Equal(expected, GlobFilter.Including(pattern, "file_pattern").IsMatch(Parse(path), FilePath.Root));

    [Theory]
    [InlineData("{.git,node_modules}", "a/node_modules", true)]
    [InlineData("{.git,node_modules}", ".git", true)]
    [InlineData("{.git,node_modules}", ".github", false)]
    [InlineData("bin/", "a/bin", true)]
    [InlineData("", "a/bin", false)]
    [InlineData("src/gen/**", "src/gen/x.cs", true)]
    public void Excluding_glob_matches_the_expected_paths(string pattern, string path, bool expected) =>
        Assert.Equal(expected, GlobFilter.Excluding(pattern, "exclude_pattern").IsMatch(Parse(path), FilePath.Root));

    [Fact]
    public void Path_in_a_glob_is_relative_to_the_searched_directory()
    {
        var glob = GlobFilter.Including("lib/*.cs", "file_pattern");

        Assert.True(glob.IsMatch(Parse("src/lib/a.cs"), Parse("src")));
        Assert.False(glob.IsMatch(Parse("src/lib/a.cs"), FilePath.Root));
    }

    [Theory]
    [InlineData("a?b", "'?'")]
    [InlineData("/etc/*", "absolute")]
    [InlineData("../*", "'..'")]
    [InlineData("a/../b", "'..'")]
    [InlineData("a\\b", "'\\'")]
    [InlineData("!*.cs", "negated")]
    [InlineData("a\nb", "control")]
    [InlineData("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "64 alternatives")]
    public void Invalid_glob_is_refused_with_the_name_of_its_argument(string pattern, string reason)
    {
        var refusal = Assert.Throws<McpException>(() => GlobFilter.Including(pattern, "file_pattern"));

        Assert.StartsWith("file_pattern: ", refusal.Message);
        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public void Exponential_braces_are_refused_before_they_are_expanded() =>
        Assert.Throws<McpException>(() => GlobFilter.Including(string.Concat(Enumerable.Repeat("{a,b}", 50)), "file_pattern"));

    [Fact]
    public void A_glob_of_many_stars_still_ends()
    {
        var glob = GlobFilter.Including(string.Concat(Enumerable.Repeat("**/a*/", 40)) + "b", "file_pattern");

        Assert.False(glob.IsMatch(Parse(string.Concat(Enumerable.Repeat("aa/", 300)) + "c"), FilePath.Root));
    }

    private static FilePath Parse(string path) =>
        FilePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem);
}
