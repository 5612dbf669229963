using System.Text;
using System.Text.Json;
using RemoteMcp.Protocol;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class JsonScanTests
{
    [Theory]
    [InlineData(JsonScan.MaxValues, true)]
    [InlineData(JsonScan.MaxValues + 1, false)]
    public void Values_of_objects_and_arrays_are_counted(int values, bool allowed)
    {
        // The array itself is a value.
        foreach (var text in new[] { Array(values - 1), $"[{Array(values - 2)}]", Members(values - 1) })
        {
            Assert.Equal(allowed, IsAllowed(text));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Text_that_arrives_in_parts_gets_the_same_result(int part)
    {
        foreach (var (text, allowed) in new[]
        {
            ("""{"a":["x\ud83d\ude00",1.5e3,true,null],"b":{"c":"€"} }""", true),
            ("""{"a":"\ud83d"}""", false),
            ("""{"a":1,}""", false),
            (new string('[', 70) + new string(']', 70), false),
            (Array(JsonScan.MaxValues), false),
        })
        {
            Assert.Equal(allowed, IsAllowed(text, part));
        }
    }

    private static string Array(int values) => $"[{string.Join(',', Enumerable.Repeat("1", values))}]";

    private static string Members(int values) => $"{{{string.Join(',', Enumerable.Range(0, values).Select(static i => $"\"{i}\":1"))}}}";

    private static bool IsAllowed(string text, int part = int.MaxValue)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var scan = new JsonScan();
        try
        {
            for (var end = Math.Min(part, bytes.Length); end < bytes.Length; end += Math.Min(part, bytes.Length))
            {
                scan.Continue(bytes.AsSpan(0, end), isComplete: false);
            }

            scan.Continue(bytes, isComplete: true);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
