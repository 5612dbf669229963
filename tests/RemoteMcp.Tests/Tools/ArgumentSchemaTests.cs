using System.Diagnostics;
using System.Text.Json;
using RemoteMcp.ToolCalls.Schemas;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>Tests the validation of arguments against hand-written input schemas.</summary>
public sealed class ArgumentSchemaTests
{
    private const string Recursive = """
        {"type":"object","properties":{"node":{"$ref":"#/$defs/node"}},"$defs":{"node":{"anyOf":[
          {"type":"object","properties":{"op":{"const":"and"},"left":{"$ref":"#/$defs/node"}},"required":["op"]},
          {"type":"object","properties":{"op":{"const":"or"},"left":{"$ref":"#/$defs/node"}},"required":["op"]},
          {"type":"string"}]}}}
        """;

    [Theory]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"integer"}}}""", """{"a":1.0}""", """{"a":"1"}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#n"}},"$defs":{"n":{"$anchor":"n","minLength":2}}}""", """{"a":"ab"}""", """{"a":"b"}""")]
    [InlineData("""{"properties":{"a":{"oneOf":[{"type":"string"},{"minLength":2}]}}}""", """{"a":"b"}""", """{"a":"bc"}""")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}}""", """{"a":null}""", """{"a":1}""")]
    [InlineData("""{"allOf":[{"anyOf":[{"required":["a"]},{"required":["b"]}]}]}""", """{"b":1}""", """{"c":1}""")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1,"b":1}""", """{"a":1}""")]
    [InlineData("""{"not":{"required":["a"]}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":{"pattern":"^b+$"}}}""", """{"a":"bb"}""", """{"a":"bc"}""")]
    [InlineData("""{"properties":{"a":{"format":"date"}}}""", """{"a":"2026-07-28"}""", """{"a":"tomorrow"}""")]
    [InlineData("""{"properties":{"a":{"const":1}}}""", """{"a":1.0}""", """{"a":2}""")]
    [InlineData("""{"properties":{"a":{"multipleOf":0.1}}}""", """{"a":0.3}""", """{"a":0.35}""")]
    [InlineData("""{"properties":{"a":{"exclusiveMinimum":3}}}""", """{"a":3.1}""", """{"a":3}""")]
    [InlineData("""{"properties":{"a":{"uniqueItems":true}}}""", """{"a":[1,2,"1"]}""", """{"a":[1,2,1.0]}""")]
    [InlineData("""{"properties":{"a":{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}}}""", """{"a":["x",1]}""",
        """{"a":["x","y"]}""")]
    [InlineData("""{"properties":{"a":{"contains":{"type":"string"}}}}""", """{"a":[1,"x"]}""", """{"a":[1]}""")]
    [InlineData("""{"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false}""", """{"xy":"1"}""", """{"y":"1"}""")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"ab":1}""", """{"abc":1}""")]
    [InlineData("""{"minProperties":1}""", """{"a":1}""", "{}")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1,"b":1}""", """{"a":1}""")]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"a":1}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{"type":"object","properties":{"b":{"type":"array","items":{"enum":["x",2]}}}}}}""",
        """{"a":{"b":["x",2.0]}}""", """{"a":{"b":["x","y"]}}""")]
    [InlineData("""{"properties":{"a":{"additionalProperties":{"type":"integer"}}}}""", """{"a":{"b":1e2}}""", """{"a":{"b":1.5}}""")]
    [InlineData("""{"properties":{"a":{"maximum":9007199254740992}}}""", """{"a":9007199254740992}""", """{"a":9007199254740993}""")]
    [InlineData("""{"properties":{"a":{"maxLength":2}}}""", """{"a":"😀😀"}""", """{"a":"😀😀😀"}""")]
    [InlineData("""{"required":["a"]}""", """{"a":null}""", "{}")]
    [InlineData("""{"properties":{"a":false}}""", "{}", """{"a":1}""")]
    public void Arguments_are_judged_as_JSON_Schema_says(string schema, string valid, string invalid)
    {
        Assert.Null(FindProblem(schema, valid));
        Assert.NotNull(FindProblem(schema, invalid));
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"pattern":"^b+$"}}}""", """{"a":"c"}""", """a: must match the pattern "^b+$".""")]
    [InlineData("""{"properties":{"a":{"format":"date"}}}""", """{"a":"c"}""", """a: must have the format "date".""")]
    [InlineData("""{"properties":{"a":{"type":"object","properties":{"b":{"type":"string"}}}}}""", """{"a":{"b":1}}""",
        "a: b must be a string, but is the number 1.")]
    [InlineData("""{"properties":{"a":{"items":{"$ref":"#/$defs/n"}}},"$defs":{"n":{"const":5}}}""", """{"a":[5,6]}""",
        "a: item 2 must be 5.")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"type":"string"},{"const":5}]}}}""", """{"a":6}""", "a: matches none of the alternatives")]
    [InlineData("""{"properties":{"colour":{}},"additionalProperties":false}""", """{"color":1}""",
        "color: is unknown. Did you mean colour?")]
    [InlineData("""{"properties":{"a":{"properties":{"colour":{}},"additionalProperties":false}}}""", """{"a":{"color":1}}""",
        "a: color is unknown. Did you mean colour?")]
    public void Problem_names_the_path_and_what_the_schema_demands(string schema, string arguments, string problem) =>
        Assert.StartsWith(problem, FindProblem(schema, arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"properties":{"a":{"minLenght":1}}}""", "minLenght")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""", "pattern")]
    [InlineData("""{"properties":{"a":{"type":"text"}}}""", "text")]
    [InlineData("""{"properties":{"a":{"minimum":"1"}}}""", "minimum")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/missing"}}}""", "missing")]
    [InlineData("""{"properties":{"a":{"$ref":"https://example.com/schema"}}}""", "example.com")]
    [InlineData("""{"properties":{"a":{"items":{"properties":{"b":{"$ref":"#/$defs/missing"}}}}}}""", "missing")]
    [InlineData("""{"properties":{"a":{"items":{"pattern":"^(?=(a+)+$)"}}}}""", "linear time")]
    [InlineData("""{"patternProperties":{"(.)\\1":false}}""", "linear time")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","not":{}}""", "2020-12")]
    public void Schema_that_cannot_be_enforced_is_refused(string schema, string message)
    {
        var refusal = Assert.Throws<UnusableSchemaException>(() => ArgumentSchema.Compile(JsonElement.Parse(schema)));

        Assert.Contains(message, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Own_keywords_begin_with_x() => Assert.Null(FindProblem("""{"properties":{"a":{"x-unit":"m","not":{}}}}""", "{}"));

    public static TheoryData<string, string> HostileArguments => new()
    {
        { """{"properties":{"a":{"pattern":"^(a+)+$"}}}""", $$"""{"a":"{{new string('a', 100_000)}}b"}""" },
        { """{"patternProperties":{"^(a+)+$":false}}""", $$"""{"{{new string('a', 100_000)}}":1}""" },
        { """{"properties":{"a":{"enum":[1,2]}}}""", """{"a":1e99999999999}""" },
        { """{"properties":{"a":{"enum":[[1],{"b":2}]}}}""", """{"a":[1e99999999999]}""" },
        { """{"properties":{"a":{"multipleOf":5}}}""", """{"a":1e999999999}""" },
        { """{"properties":{"a":{"multipleOf":5}}}""", """{"a":1e-999999999}""" },
        { """{"properties":{"a":{"const":5}}}""", """{"a":1e999999999}""" },
        { """{"properties":{"a":{"const":5}}}""", $$"""{"a":{{new string('9', 1_000_000)}}}""" },
        { """{"properties":{"a":{"type":"integer","maximum":5}}}""", $$"""{"a":{{new string('9', 1_000_000)}}}""" },
        { """{"properties":{"a":{"uniqueItems":true}}}""", $$"""{"a":[{{string.Join(',', Enumerable.Repeat(1, 100_000))}}]}""" },
        { Recursive, $$"""{"node":{{string.Concat(Enumerable.Repeat("""{"op":"or","left":""", 50))}}5{{new string('}', 50)}}}""" },
    };

    [Theory, MemberData(nameof(HostileArguments))]
    public void Hostile_arguments_are_refused_at_low_cost(string schema, string arguments)
    {
        var started = Stopwatch.GetTimestamp();

        var problem = FindProblem(schema, arguments);

        Assert.InRange(problem!.Length, 1, 1000);
        // Without a bound, each of these runs for minutes or ends the process.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    private static string? FindProblem(string schema, string arguments) => ArgumentSchema.Compile(JsonElement.Parse(schema))
        .FindProblem(JsonElement.Parse(arguments).EnumerateObject().ToDictionary(static each => each.Name, static each => each.Value));
}
