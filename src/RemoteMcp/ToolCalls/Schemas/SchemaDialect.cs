using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>
/// Provides JSON Schema 2020-12 for checking a caller's arguments against a tool's schema: the time of a pattern is linear, the number of
/// references that one evaluation follows is bounded, and the cost of <c>uniqueItems</c> is linear.
/// </summary>
internal static class SchemaDialect
{
    private static readonly TimeSpan s_patternTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly IKeywordHandler[] s_keywords =
    [
        SchemaKeyword.Instance, IdKeyword.Instance, AnchorKeyword.Instance, DynamicAnchorKeyword.Instance, DefsKeyword.Instance,
        CommentKeyword.Instance, new BoundedRef(), new BoundedDynamicRef(),
        TypeKeyword.Instance, EnumKeyword.Instance, ConstKeyword.Instance, FormatKeyword.Instance,
        MultipleOfKeyword.Instance, MinimumKeyword.Instance, MaximumKeyword.Instance,
        ExclusiveMinimumKeyword.Instance, ExclusiveMaximumKeyword.Instance,
        MinLengthKeyword.Instance, MaxLengthKeyword.Instance, PatternKeyword.Instance,
        ItemsKeyword.Instance, PrefixItemsKeyword.Instance, ContainsKeyword.Instance, MinContainsKeyword.Instance,
        MaxContainsKeyword.Instance, MinItemsKeyword.Instance, MaxItemsKeyword.Instance, new LinearUniqueItems(),
        UnevaluatedItemsKeyword.Instance,
        PropertiesKeyword.Instance, PatternPropertiesKeyword.Instance, AdditionalPropertiesKeyword.Instance,
        UnevaluatedPropertiesKeyword.Instance, PropertyNamesKeyword.Instance, RequiredKeyword.Instance, MinPropertiesKeyword.Instance,
        MaxPropertiesKeyword.Instance, DependentRequiredKeyword.Instance, DependentSchemasKeyword.Instance,
        AllOfKeyword.Instance, AnyOfKeyword.Instance, OneOfKeyword.Instance, NotKeyword.Instance,
        IfKeyword.Instance, ThenKeyword.Instance, ElseKeyword.Instance,
        TitleKeyword.Instance, DescriptionKeyword.Instance, DefaultKeyword.Instance, ExamplesKeyword.Instance,
        DeprecatedKeyword.Instance, ReadOnlyKeyword.Instance, WriteOnlyKeyword.Instance,
        ContentEncodingKeyword.Instance, ContentMediaTypeKeyword.Instance, ContentSchemaKeyword.Instance,
    ];

    public static Uri Id { get; } = new("https://json-schema.org/draft/2020-12/schema");

    public static Dialect Dialect { get; } = new(s_keywords) { Id = Id, AllowUnknownKeywords = true };

    /// <summary>Returns whether the dialect has a keyword. Keywords of the tool's author begin with "x-".</summary>
    public static bool Has(string keyword) =>
        keyword.StartsWith("x-", StringComparison.Ordinal) || Array.Exists(s_keywords, handler => handler.Name == keyword);

    /// <summary>Makes the time of the patterns of a keyword linear.</summary>
    /// <exception cref="UnusableSchemaException">A pattern cannot be matched in linear time.</exception>
    public static void BoundPatterns(KeywordData keyword)
    {
        keyword.Value = keyword.Value switch
        {
            Regex pattern => Bound(pattern),
            Dictionary<string, Regex> patterns => patterns.ToDictionary(
                static pattern => pattern.Key, static pattern => Bound(pattern.Value)),
            var other => other,
        };
    }

    private static Regex Bound(Regex pattern)
    {
        try
        {
            return new Regex(pattern.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, s_patternTimeout);
        }
        catch (NotSupportedException)
        {
            throw new UnusableSchemaException(
                $"the pattern {SafeText.Quote(pattern.ToString())} cannot be matched in linear time. "
                    + "Leave out lookarounds, backreferences, atomic groups, and large repetition counts.");
        }
    }

    private sealed class BoundedRef : RefKeyword
    {
        public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
        {
            ((BoundedEvaluation)context.Options).FollowReference();
            return base.Evaluate(keyword, context);
        }
    }

    private sealed class BoundedDynamicRef : Json.Schema.Keywords.Draft202012.DynamicRefKeyword
    {
        public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
        {
            ((BoundedEvaluation)context.Options).FollowReference();
            return base.Evaluate(keyword, context);
        }
    }

    private sealed class LinearUniqueItems : UniqueItemsKeyword
    {
        public override KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
        {
            if (context.Instance.ValueKind != JsonValueKind.Array || keyword.Value is not true)
            {
                return KeywordEvaluation.Ignore;
            }

            var seen = new HashSet<JsonElement>(ValueComparer.Instance);
            var isUnique = context.Instance.EnumerateArray().All(seen.Add);
            return new KeywordEvaluation { Keyword = Name, IsValid = isUnique, Error = isUnique ? null : "must not have equal items" };
        }
    }
}
